import GateAPI
@testable import GateHost
import Redis
import TestSupport
import Testing
import TradingState

/// What happens to an account between the check of a transaction and its EXEC.
@Suite("Transactions of the ledger")
struct LedgerTransactionTests {
    private let world: LedgerCommitWorld
    private var redis: RedisFixture { world.redis }

    init() throws {
        world = try LedgerCommitWorld()
        // A live permit with a share of 0.004.
        #expect(try world.commit(world.judge([.open("earlier", "BUY", "0.004")], world.inputs())) == [1])
    }

    /// A transaction that takes 0.005 as long as at most 0.005 is under way, with `change` between check and EXEC.
    /// Returns whether Redis executed it.
    private func transact(_ change: () throws -> Void) throws -> Bool {
        let id = "1795354622000-9"
        try redis.command("XADD", RedisFixture.planStream, id, "plan_id", "next")
        try redis.command(
            "XREADGROUP", "GROUP", "governor", "test", "COUNT", "9", "STREAMS", RedisFixture.planStream, ">")
        let label = "label.\(try world.serverTime() + 150_000)"
        let accounts = [
            label, "3600000", "3840000", "other.1.", "other.0.0", "0", "1", "0", "11", LedgerCommitWorld.account, "0",
            "5000",
            "", "0", "1", "0", "0", "<", "0", "500000",
        ]
        try redis.command("SET", CommitKeys.commits, "other.0.0")
        let other = try RedisConnection(redis.connection.server)
        defer { other.close() }
        func send(_ arguments: [String]) throws -> RedisReply {
            var commands = RedisPipeline()
            commands.add(arguments)
            return try #require(try other.send(commands).first)
        }
        let keys = [RedisFixture.planStream, RedisFixture.decisionStream, CommitKeys.commits, LedgerCommitWorld.claims]
        _ = try send(["WATCH", CommitKeys.commits, LedgerCommitWorld.claims])
        let check =
            ["EVAL", CommitTransaction.checkWithAccounts, "4"] + keys + ["governor", "mark", "1"] + accounts
            + ["quantum:governor:outcome:next", "quantum:permit:next"]
        #expect(try send(check).element(0)?.integer == 1)
        try change()
        _ = try send(["MULTI"])
        for field in ["t:0", "g:\(label):0"] { _ = try send(["HINCRBY", LedgerCommitWorld.account, field, "500000"]) }
        return try send(["EXEC"]).kind == .array
    }

    @Test("without a change it is executed, and takes its share")
    func unchanged() throws {
        let isExecuted = try transact {}
        #expect(isExecuted)
        #expect(try world.totals() == "0=0.009")
    }

    @Test("a report that frees a share does not break it, and both count exactly")
    func freed() throws {
        let isExecuted = try transact { try world.report("earlier", executed: false) }
        #expect(isExecuted)
        #expect(try world.totals() == "0=0.005")
    }

    @Test("a report that takes a share back makes it fail: the bound may not hold any more")
    func grown() throws {
        try world.report("earlier", executed: false)
        let isExecuted = try transact { try world.report("earlier", executed: true) }
        #expect(!isExecuted)
        #expect(try world.totals() == "0=0.004")
    }

    @Test("a report of an execution, which moves a share, leaves the sum as it was")
    func moved() throws {
        _ = try transact { try world.report("earlier", executed: true) }
        #expect(try ["0=0.004", "0=0.009"].contains(world.totals()))
    }

    @Test("another commit makes it fail")
    func overtaken() throws {
        let isExecuted = try transact { try redis.command("PEXPIRE", CommitKeys.commits, "86400000") }
        #expect(!isExecuted)
    }
}
