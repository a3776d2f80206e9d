import GateAPI
@testable import GateHost
import Redis
import TestSupport
import Testing
import TradingState

/// Script and transaction keep the same ledger.
@Suite("Commit of the ledger")
struct LedgerCommitTests {
    private let world: LedgerCommitWorld
    private var redis: RedisFixture { world.redis }

    init() throws { world = try LedgerCommitWorld() }

    private static let plans: [LedgerWorld.Plan] = [
        .open("a", "BUY", "0.004"), .open("b", "SELL", "0.003"), .open("c", "BUY", "0.006"),
        .open("d", "BUY", "0.004"), .close("e", "SELL", "0.002", ["reduceOnly", "true"]), .close("f", nil, nil),
        .open("g", "BUY", "1"),
    ]

    /// Accounts and outcomes, with labels and times of buckets normalised.
    private func traces() throws -> [String] {
        try redis.command("KEYS", "quantum:governor:*").elements.compactMap(\.text).sorted()
            .filter { !$0.hasPrefix("quantum:governor:intake:") }.flatMap { key in
                switch try redis.command("TYPE", key).text {
                case "hash":
                    let life = ((try redis.command("PTTL", key).integer ?? 0) + 30_000) / 60_000
                    return try redis.hash(key).sorted { $0.key < $1.key }.map { name, value in
                        "\(key) \(name.replacing(/g:[^:]+/, with: "g:LABEL")) \(value) \(life)"
                    }
                case "string":
                    return [
                        "\(key) \(try redis.command("GET", key).text?.replacing(/given \S+/, with: "given LABEL") ?? "")"
                    ]
                default: return []
                }
            }
    }

    @Test("a transaction leaves the accounts and grants that the script leaves", arguments: ["0", "0.005", "-1"])
    func sameAsScript(position: String) throws {
        let inputs = try world.inputs(position: Amount(position))
        #expect(try world.commit(world.judge(Self.plans, inputs)) == Array(repeating: 1, count: Self.plans.count))
        let expected = try traces()
        #expect(expected.contains { $0.hasPrefix(LedgerCommitWorld.account + " g:LABEL:") })
        try world.begin()
        #expect(try world.transact(world.judge(Self.plans, inputs)))
        #expect(try traces() == expected)
    }

    @Test("a second batch adds to the first, by either protocol", arguments: [false, true])
    func twoBatches(byTransaction: Bool) throws {
        let first = try world.judge([.open("a", "BUY", "0.004")], world.inputs())
        #expect(try world.transact(first))
        try world.renewPlans()
        let second = try world.judge([.open("b", "BUY", "0.003")], world.inputs(underWay: "0=0.004"))
        if byTransaction { #expect(try world.transact(second)) } else { #expect(try world.commit(second) == [1]) }
        #expect(try world.totals() == "0=0.007")
        #expect(try redis.hash(LedgerCommitWorld.account).filter { $0.key.hasPrefix("g:") }.count == 1)
    }

    /// The account without fields that say zero: what a permit took and gave back.
    private func amounts() throws -> [String: String] {
        try redis.hash(LedgerCommitWorld.account).filter { $0.value != "0" }
    }

    private static let farOff = "9999999999999"

    @Test(
        "neither protocol writes a decision whose bound does not hold",
        arguments: [
            // Another host has taken what was left.
            ("", "700000", "0"),
            // A snapshot newer than the one that the gates saw has let shares go.
            ("", "0", "1795354622124"),
            // The account that made for a block has room again.
            ("0=0.007", "0", "0"),
        ])
    func bounds(judgedBy: String, found: String, shown: String) throws {
        let batch = try world.judge([.open("a", "BUY", "0.004")], world.inputs(underWay: judgedBy))
        #expect(batch.items[0].decision.outcome == (judgedBy.isEmpty ? .permit : .block))
        try redis.command(
            "HSET", LedgerCommitWorld.account, "t:0", found, "shown", shown, "g:other.\(Self.farOff):0", found)
        let before = try amounts()
        #expect(try !world.transact(batch))
        #expect(try world.commit(batch) == [5])
        #expect(try amounts() == before)
        #expect(try redis.command("KEYS", "quantum:governor:outcome:*").count == 0)
        #expect(try redis.command("XLEN", RedisFixture.decisionStream).integer == 0)
        #expect(try redis.command("XPENDING", RedisFixture.planStream, "governor").element(0)?.integer == 1)
    }

    @Test("P1: a session that has committed after another host still does not know what that host has taken")
    func otherHost() throws {
        #expect(try world.commit(world.judge([.open("a", "BUY", "0.004")], world.inputs())) == [1])
        let session = world.session
        world.session = nil
        try world.renewPlans()
        #expect(try world.commit(world.judge([.open("b", "BUY", "0.004")], world.inputs(underWay: "0=0.004"))) == [1])
        // The first session judges on by what it knows. This plan fits all the same.
        world.session = session
        try world.renewPlans()
        let within = try world.judge([.open("c", "BUY", "0.001")], world.inputs(underWay: "0=0.004"))
        #expect(try world.commit(within, tidiesAll: false) == [1])
        // This one does not: of 0.01 there are 0.009 under way. The session may have judged it before it had the last
        // reply, or in another account than the last commit's.
        try world.renewPlans()
        let beyond = try world.judge([.open("d", "BUY", "0.004")], world.inputs(underWay: "0=0.005"))
        #expect(beyond.items[0].decision.outcome == .permit)
        #expect(try world.commit(beyond, tidiesAll: false) == [5])
        #expect(try world.totals() == "0=0.009")
    }

    @Test("a permit that is not given after all forgoes its share; the rest of the batch keeps its own")
    func forgone() throws {
        let batch = try world.judge(
            [.open("a", "BUY", "0.004"), .open("b", "BUY", "0.004"), .open("c", "BUY", "0.004")], world.inputs())
        try redis.command("SET", "quantum:permit:a", "from another Governor")
        // The block of c depends on a.
        #expect(try world.commit(batch) == [4, 1, 5])
        #expect(try world.totals() == "0=0.004")
        // An outcome without a grant.
        #expect(try redis.command("GET", "quantum:governor:outcome:a").text?.hasSuffix(" foreign") == true)
    }
}
