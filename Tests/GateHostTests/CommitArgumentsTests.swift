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
            [CommitItem(decision: decision)], LedgerBatch(), .idle, sha: echo,
            now: Timestamp(milliseconds: 1_795_354_622_123), into: &commands)
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
        #expect(Header.outcomePrefix.lua == "args[\(Header.count)]")
        #expect(sent[Header.count + LedgerArguments.Header.count.rawValue] == "0")
    }

    @Test(
        "an entry has as many arguments as the script skips",
        arguments: [
            (Plans.open("plan-1"), Entry.permitCount),
            (Plans.open("plan-1") + [("ask-alpha", "block")], Entry.blockCount),
            ([("plan_id", "plan-1"), ("symbol", "BTCUSDT"), ("decision", "SKIP")], Entry.commonCount),
        ])
    func entry(_ pairs: Plans.Pairs, _ count: Int) throws {
        let entry = Array(try arguments(of: pairs).dropFirst(Header.count + LedgerArguments.Header.length))
        #expect(entry[Entry.id.rawValue] == "7-0")
        #expect(entry[Entry.planID.rawValue] == "plan-1")
        #expect(entry.count > count)
        let rest = try #require(Int(entry[count]))
        #expect(entry.count == count + 1 + rest)
    }

    @Test("an account, its bound and its claim stand at their places")
    func ledger() throws {
        typealias Head = LedgerArguments.Header
        typealias Account = LedgerArguments.Account
        typealias Bound = LedgerArguments.Bound
        typealias Share = LedgerArguments.Share
        typealias Claim = CommitArguments.Claim
        let world = try LedgerCommitWorld()
        let batch = try world.judge([.open("plan-1", "BUY", "0.004")], world.inputs(underWay: "0=0.001"))
        let echo = try #require(try world.redis.command("SCRIPT", "LOAD", "return ARGV").text)
        var commands = RedisPipeline()
        world.encoder.encode(
            batch.items, batch.ledger, try world.turn(batch.ledger), sha: echo, now: LedgerCommitWorld.now,
            into: &commands)
        let sent = try #require(try world.redis.connection.send(commands).first).elements.map { $0.text ?? "" }
        let head = Array(sent.dropFirst(Header.count))
        #expect(head[Head.label.rawValue].contains("."))
        #expect(head[Head.executedLife.rawValue] == "3600000")
        #expect(head[Head.accountLife.rawValue] == "3840000")
        #expect(head[Head.mark.rawValue].hasSuffix(".1."))
        #expect(head[Head.lastMark.rawValue].hasSuffix(".0.0"))
        #expect(head[Head.since.rawValue] == "0")
        #expect(head[Head.count.rawValue] == "1")
        #expect(head[Head.readCount.rawValue] == "1")
        let size = Account.size + Bound.size + Share.size
        #expect(head[Head.size.rawValue] == "\(size)")
        let account = Array(head.dropFirst(Head.length))
        #expect(account[Account.key.rawValue] == LedgerCommitWorld.account)
        #expect(account[Account.snapshot.rawValue] == "1795354622123")
        #expect(account[Account.margin.rawValue] == "5000")
        #expect(account[Account.held.rawValue] == "")
        #expect(account[Account.isRead.rawValue] == "1")
        #expect(account[Account.boundCount.rawValue] == "1")
        #expect(account[Account.shareCount.rawValue] == "1")
        let bound = Array(account.dropFirst(Account.size))
        // Buys, and opening orders of either leg.
        #expect(bound[Bound.lanes.rawValue] == "046")
        #expect(bound[Bound.relation.rawValue] == "<")
        #expect(bound[Bound.whole.rawValue] == "0")
        #expect(bound[Bound.units.rawValue] == "600000")
        let share = Array(bound.dropFirst(Bound.size))
        #expect(share[Share.suffix.rawValue] == "0")
        #expect(share[Share.value.rawValue] == "400000")
        let entry = Array(share.dropFirst(Share.size))
        #expect(entry[Entry.id.rawValue] == "1795354622000-1")
        #expect(
            entry[Entry.outcome.rawValue].hasSuffix(
                " permit given \(head[Head.label.rawValue]) position:BTCUSDT 0 400000"))
        let rest = Array(entry.dropFirst(Entry.permitCount + 1))
        let claims = Array(rest.dropFirst(1 + (Int(rest[0]) ?? 0)))
        let count = try #require(Int(claims[0]))
        #expect(claims.count == 1 + count * Claim.count)
        let taking = (0..<count).map { claims[1 + $0 * Claim.count + Claim.units.rawValue] }
        #expect(taking.filter { $0 != "0" } == ["400000"])
        for number in 0..<count {
            #expect(claims[1 + number * Claim.count + Claim.account.rawValue] == "1")
            #expect(claims[1 + number * Claim.count + Claim.lane.rawValue] == "0")
            #expect(claims[1 + number * Claim.count + Claim.whole.rawValue] == "0")
        }
    }

    @Test("a permit's arguments stand at their places")
    func permit() throws {
        let sent = try arguments(of: Plans.open("plan-1", quantity: "0.25"))
        let entry = Array(sent.dropFirst(Header.count + LedgerArguments.Header.length))
        #expect(entry[Entry.kind.rawValue] == "permit")
        #expect(entry[Entry.outcome.rawValue].hasSuffix(" 7-0 permit given -"))
        #expect(entry[Entry.answer.rawValue].hasPrefix("{\"granted\": true"))
        #expect(entry[Entry.action.rawValue] == "ENTRY_PROPOSED")
        #expect(entry[Entry.side.rawValue] == "BUY")
        #expect(entry[Entry.quantity.rawValue] == "0.25")
        #expect(entry[Entry.plan.rawValue].hasPrefix("{\"plan_id\":\"plan-1\""))
        #expect(entry[Entry.computedQuantity.rawValue] == "0.25")
        #expect(entry[Entry.computedNotional.rawValue] == "25000")
    }
}
