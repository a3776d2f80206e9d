import Deployment
import GateAPI
@testable import GateHost
import Redis
import TestSupport
import Testing
import TradingState

/// The encoder and the script must agree on the layout: a call is encoded, echoed by Redis, and read by the layout.
@Suite("Commit arguments")
struct CommitArgumentsTests {
    private typealias Header = CommitArguments.Header
    private typealias Entry = CommitArguments.Entry

    private func arguments(of pairs: Plans.Pairs) throws -> [String] {
        let redis = try RedisFixture()
        let configuration = try TestConfiguration.make("  - { gate: alpha, mode: enforce }", url: redis.server.url)
        let decision = Pipeline(gates: configuration.gates).decide(
            Plans.entry(pairs, id: 7), Inputs(now: Timestamp(seconds: 1_795_354_622)))
        let echo = try #require(try redis.command("SCRIPT", "LOAD", "return ARGV").text)
        var commands = RedisPipeline()
        CommitEncoder(stream: configuration.intake.stream, configuration: configuration, host: "test-host:1").encode(
            [CommitItem(decision: decision)], sha: echo, now: Timestamp(milliseconds: 1_795_354_622_123),
            into: &commands)
        return try #require(try redis.connection.send(commands).first).elements.map { $0.text ?? "" }
    }

    @Test("the header has its arguments where the script reads them")
    func header() throws {
        let sent = try arguments(of: Plans.open("plan-1"))
        #expect(sent[Header.group.rawValue] == "governor")
        #expect(sent[Header.host.rawValue] == "test-host:1")
        #expect(sent[Header.now.rawValue] == "1795354622123")
        #expect(sent[Header.permitLife.rawValue] == "60")
        #expect(sent[Header.permitPrefix.rawValue] == Permit.keyPrefix)
        #expect(sent[Header.blockPrefix.rawValue] == BlockRecord.keyPrefix)
        #expect(sent[Header.outcomePrefix.rawValue] == OutcomeRecord.keyPrefix)
        #expect(Header.shortestReservationLife.lua == "args[\(Header.count)]")
    }

    @Test(
        "an entry has as many arguments as the script skips",
        arguments: [
            (Plans.open("plan-1"), Entry.permitCount),
            (Plans.open("plan-1") + [("ask-alpha", "block")], Entry.blockCount),
            ([("plan_id", "plan-1"), ("symbol", "BTCUSDT"), ("decision", "SKIP")], Entry.commonCount),
        ])
    func entry(_ pairs: Plans.Pairs, _ count: Int) throws {
        let entry = Array(try arguments(of: pairs).dropFirst(Header.count))
        #expect(entry[Entry.id.rawValue] == "7-0")
        #expect(entry[Entry.planID.rawValue] == "plan-1")
        #expect(entry.count > count)
        let rest = try #require(Int(entry[count]))
        #expect(entry.count == count + 1 + rest)
    }

    @Test("a permit's arguments stand at their places")
    func permit() throws {
        let entry = Array(try arguments(of: Plans.open("plan-1", quantity: "0.25")).dropFirst(Header.count))
        #expect(entry[Entry.kind.rawValue] == "permit")
        #expect(entry[Entry.outcome.rawValue].hasSuffix(" 7-0 permit"))
        #expect(entry[Entry.answer.rawValue].hasPrefix("{\"granted\": true"))
        #expect(entry[Entry.action.rawValue] == "ENTRY_PROPOSED")
        #expect(entry[Entry.side.rawValue] == "BUY")
        #expect(entry[Entry.quantity.rawValue] == "0.25")
        #expect(entry[Entry.plan.rawValue].hasPrefix("{\"plan_id\":\"plan-1\""))
        #expect(entry[Entry.computedQuantity.rawValue] == "0.25")
        #expect(entry[Entry.computedNotional.rawValue] == "25000")
    }
}
