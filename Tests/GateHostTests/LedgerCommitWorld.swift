import Deployment
import GateAPI
@testable import GateHost
import P28Budget
import Platform
import Redis
import TestSupport
import Testing
import TradingState

/// Batches of decisions of the budget gate, to be committed by the script or by a transaction of one session. Budget
/// 1,000 USD, price 100,000.
final class LedgerCommitWorld {
    static let account = LedgerWorld.account
    static let now = Timestamp(milliseconds: 1_795_354_622_123)
    static let claims = CommitKeys.claims(stream: RedisFixture.planStream, group: "governor")
    let redis: RedisFixture
    let configuration: HostConfiguration
    let pipeline: Pipeline
    let encoder: CommitEncoder
    /// The session that commits; a new one, as of another host, after `nil`.
    var session: LedgerSession?

    init() throws {
        redis = try RedisFixture()
        configuration = try TestConfiguration.make(
            "  - { gate: p28-budget, mode: enforce }", types: [P28Budget.self], url: redis.server.url)
        pipeline = Pipeline(gates: configuration.gates)
        encoder = CommitEncoder(stream: configuration.intake.stream, configuration: configuration, host: "test-host:1")
        try begin()
    }

    func begin() throws {
        session = nil
        try redis.command("FLUSHALL")
        try redis.command("XGROUP", "CREATE", RedisFixture.planStream, "governor", "0", "MKSTREAM")
        try redis.command("SET", Self.claims, "mark")
        try redis.command("SET", CommitKeys.commits, "1")
    }

    /// Inputs with a budget, a position of `position` and these sums under way.
    ///
    /// - Parameter underWay: such as `0=0.004 3=1`.
    func inputs(position: Amount = 0, underWay: String = "") throws -> Inputs {
        let symbol = try #require(Symbol("BTCUSDT"))
        var inputs = Inputs(now: Self.now)
        inputs.set(PortfolioBudget(budget: 1_000, isEnforced: true, computedAt: Self.now), for: symbol)
        inputs.set(Position(quantity: position, markPrice: 100_000, timestamp: Self.now), for: symbol)
        var account = Account<PositionPool>()
        account.totals = try #require(LaneTotals(text: underWay))
        inputs.set(account, for: symbol)
        return inputs
    }

    /// Delivers plans and judges them as the host does: each sees what those before it take.
    func judge(_ plans: [LedgerWorld.Plan], _ inputs: Inputs) throws -> JudgedBatch {
        var inputs = inputs
        var batch = JudgedBatch()
        for (index, plan) in plans.enumerated() {
            let id = EntryID(milliseconds: 1_795_354_622_000, sequence: UInt64(index) + 1)
            try redis.send(
                ["XADD", RedisFixture.planStream, id.description] + plan.pairs.flatMap { [$0.name, $0.value] })
            let decision = pipeline.decide(StreamEntry(id: id, fields: Fields(plan.pairs)), inputs)
            batch.ledger.add(decision, inputs)
            if decision.outcome == .permit { for claim in decision.claims { inputs.take(claim) } }
            batch.items.append(CommitItem(decision: decision))
        }
        try redis.command(
            "XREADGROUP", "GROUP", "governor", "test", "COUNT", "1000", "STREAMS", RedisFixture.planStream, ">")
        return batch
    }

    /// Redis' time, epoch ms.
    func serverTime() throws -> Int64 {
        let time = try redis.command("TIME").elements.compactMap { $0.text.flatMap { Int64($0) } }
        return time[0] * 1_000 + time[1] / 1_000
    }

    /// What the session's next commit tells the ledger.
    ///
    /// - Parameter tidiesAll: as the commit of a small batch does.
    func turn(_ ledger: LedgerBatch, tidiesAll: Bool = true) throws -> LedgerTurn {
        let now = Monotonic.nanoseconds()
        var session =
            try session
            ?? LedgerSession(
                configuration.answers, time: Timestamp(milliseconds: serverTime()), now: now)
        defer { self.session = session }
        return session.turn(ledger, tidiesAll: tidiesAll, now: now)
    }

    /// Returns the results of the entries.
    func commit(_ batch: JudgedBatch, tidiesAll: Bool = true) throws -> [Int] {
        let sha = try redis.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
        var commands = RedisPipeline()
        encoder.encode(
            batch.items, batch.ledger, try turn(batch.ledger, tidiesAll: tidiesAll), sha: sha, now: Self.now,
            into: &commands)
        let reply = try #require(try redis.connection.send(commands).first)
        if let error = reply.error { throw error }
        return reply.elements.prefix(batch.items.count).compactMap(\.integer)
    }

    /// The stream of plans begins anew: the next batch has the ids of the last.
    func renewPlans() throws {
        try redis.command("DEL", RedisFixture.planStream)
        try redis.command("XGROUP", "CREATE", RedisFixture.planStream, "governor", "0", "MKSTREAM")
    }

    /// Returns whether Redis executed the transaction.
    func transact(_ batch: JudgedBatch) throws -> Bool {
        let turn = try turn(batch.ledger)
        // The session's own commit was the last.
        try redis.command("SET", CommitKeys.commits, turn.lastMark)
        var commands = RedisPipeline()
        encoder.encodeTransaction(
            batch.items, batch.ledger, turn, mark: "mark", now: Self.now, into: &commands)
        let replies = try redis.connection.send(commands)
        let outcome = try #require(replies.last)
        #expect(outcome.elements.allSatisfy { $0.error == nil })
        return outcome.kind == .array
    }

    /// Settles a report as the reader of reports does.
    func report(_ plan: String, executed: Bool) throws {
        let sha = try redis.command("SCRIPT", "LOAD", SettlementScript.reports).text ?? ""
        var commands = RedisPipeline()
        commands.begin(digits: 3)
        SettlementEncoder(configuration.answers, pipeline.accounts).begin(sha: sha, into: &commands)
        for argument in [CommitKeys.commits, "quantum:stream:apply.result", "g", "0", plan, executed ? "T" : "F"] {
            commands.argument(argument)
        }
        commands.end()
        if let error = try redis.connection.send(commands).first?.error { throw error }
    }

    func totals() throws -> String { try redis.totals(of: Self.account) }
}
