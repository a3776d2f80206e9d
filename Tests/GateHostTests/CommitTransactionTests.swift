import Deployment
import GateAPI
@testable import GateHost
import Redis
import Testing
import TestSupport
import TradingState

/// A batch committed in a transaction on a real server writes exactly what the script writes, or nothing.
@Suite("Commit in a transaction")
struct CommitTransactionTests {
    private let redis: RedisFixture
    private let configuration: HostConfiguration
    private let pipeline: Pipeline
    private let stream = "quantum:stream:apply.plan"
    private let decisions = "quantum:stream:governor.decision"
    private let now = Timestamp(milliseconds: 1_795_354_622_123)
    private var claims: String { CommitKeys.claims(stream: stream, group: "governor") }

    init() throws {
        redis = try RedisFixture()
        configuration = try TestConfiguration.make("  - { gate: alpha, mode: enforce }", url: redis.server.url)
        pipeline = Pipeline(gates: configuration.gates)
        try begin()
    }

    private func begin() throws {
        try redis.command("FLUSHALL")
        try redis.command("XGROUP", "CREATE", stream, "governor", "0", "MKSTREAM")
        try redis.command("SET", claims, "mark")
        try redis.command("SET", CommitKeys.commits, "1")
    }

    private func deliver(_ entries: [Plans.Pairs]) throws -> [CommitItem] {
        for (index, pairs) in entries.enumerated() {
            try redis.send(["XADD", stream, "1795354622000-\(index + 1)"] + pairs.flatMap { [$0.name, $0.value] })
        }
        try redis.command("XREADGROUP", "GROUP", "governor", "test", "COUNT", "1000", "STREAMS", stream, ">")
        return entries.enumerated().map { index, pairs in
            let entry = StreamEntry(
                id: EntryID(milliseconds: 1_795_354_622_000, sequence: UInt64(index) + 1), fields: Fields(pairs))
            return CommitItem(decision: pipeline.decide(entry, Inputs(now: now)))
        }
    }

    private var encoder: CommitEncoder {
        CommitEncoder(stream: configuration.intake.stream, configuration: configuration, host: "test-host:1")
    }

    /// Returns whether Redis executed the transaction.
    private func transact(_ items: [CommitItem], mark: String = "mark") throws -> Bool {
        var commands = RedisPipeline()
        encoder.encodeTransaction(items, LedgerBatch(), .idle, mark: mark, now: now, into: &commands)
        let reply = try #require(try redis.connection.send(commands).last)
        return reply.kind == .array
    }

    private func commit(_ items: [CommitItem]) throws {
        let sha = try redis.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
        var commands = RedisPipeline()
        encoder.encode(items, LedgerBatch(), .idle, sha: sha, now: now, into: &commands)
        let reply = try #require(try redis.connection.send(commands).first)
        #expect(reply.elements.allSatisfy { $0.integer == 1 })
    }

    /// Everything that decisions leave in Redis but the commit's mark: the strings with their lifetimes in minutes, and
    /// the streams.
    private func traces() throws -> [String] {
        let keys = try redis.command("KEYS", "*").elements.compactMap(\.text).filter { $0 != CommitKeys.commits }
        return try keys.sorted().flatMap { key in
            switch try redis.command("TYPE", key).text {
            case "stream":
                return try redis.command("XRANGE", key, "-", "+").elements.map { entry in
                    ([key] + (entry.element(1)?.elements.map { $0.text ?? "" } ?? [])).joined(separator: " ")
                }
            case "string":
                let life = try redis.command("TTL", key).integer ?? 0
                return ["\(key) \(try redis.command("GET", key).text ?? "") \((life + 30) / 60)"]
            default: return []
            }
        }
    }

    private static let skipped: Plans.Pairs = [
        ("plan_id", "plan-skipped"), ("decision", "SKIP"), ("symbol", "BTCUSDT"), ("action", "HOLD"),
    ]

    private struct BlockEvent: StreamEvent {
        static let stream = "events"
        static let maximumLength = 10
        func fields(enforced: Bool) -> [(name: String, value: String)] { [("enforced", "\(enforced)")] }
    }

    @Test("a transaction writes what the script writes: permits, blocks, events, skips, rare fields")
    func sameAsScript() throws {
        let plans = [
            Plans.open("plan-1"), Plans.open("plan-2") + [("ask-alpha", "block")], Self.skipped,
            Plans.open("plan-3") + [("ask-alpha", "amend")],
            Plans.open("plan-4", "ETHUSDT") + [("ask-alpha", "throw")], Plans.fullClose("plan-5"),
            Plans.open("plan-6") + [("ask-alpha", "advise"), ("regime", "\u{e9} \"6\"\r\n")],
        ]
        func items() throws -> [CommitItem] {
            try deliver(plans).map { item in
                var decision = item.decision
                if decision.outcome == .block { decision.events = [PendingEvent(event: BlockEvent(), enforced: true)] }
                return CommitItem(decision: decision, inputs: decision.isJudged ? Array("{}".utf8) : nil)
            }
        }
        try commit(try items())
        let expected = try traces()
        #expect(expected.count { $0.hasPrefix(decisions + " ") } == plans.count)
        #expect(expected.contains { $0.hasPrefix("events ") })
        try begin()
        #expect(try transact(try items()))
        #expect(try traces() == expected)
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 0)
    }

    @Test(
        "a transaction writes nothing where the script would decide otherwise, and the script then decides",
        arguments: [
            ["SET", "quantum:governor:outcome:plan-1", "0 1-1 permit"], ["SET", "quantum:permit:plan-1", "{}"],
            ["SET", "quantum:governor:block:plan-2", "{}"],
            ["DEL", CommitKeys.claims(stream: "quantum:stream:apply.plan", group: "governor")],
            ["SET", CommitKeys.claims(stream: "quantum:stream:apply.plan", group: "governor"), "another"],
            ["DEL", CommitKeys.commits], ["XGROUP", "DESTROY", "quantum:stream:apply.plan", "governor"],
            ["XACK", "quantum:stream:apply.plan", "governor", "1795354622000-1"],
            ["SET", "quantum:stream:governor.decision", "no stream"],
            ["HSET", CommitKeys.claims(stream: "quantum:stream:apply.plan", group: "governor"), "f", "v"],
        ])
    func refused(_ change: [String]) throws {
        let items = try deliver([Plans.open("plan-1"), Plans.open("plan-2") + [("ask-alpha", "block")]])
        if change[0] == "HSET" { try redis.command("DEL", claims) }
        try redis.send(change)
        let before = try traces().filter { !$0.hasPrefix(CommitKeys.commits) }
        #expect(try !transact(items))
        #expect(try traces().filter { !$0.hasPrefix(CommitKeys.commits) } == before)
        // A refusal creates the key that the next transaction needs.
        #expect(try redis.command("EXISTS", CommitKeys.commits).integer == 1)
    }

    @Test(
        "a change between the check and EXEC makes the transaction fail",
        arguments: [["EVALSHA"], ["XAUTOCLAIM"], ["PEXPIRE", CommitKeys.commits, "86400000"]])
    func overtaken(_ change: [String]) throws {
        let items = try deliver([Plans.open("plan-1"), Plans.open("plan-2")])
        let other = try RedisConnection(redis.connection.server)
        defer { other.close() }
        _ = try other.command("WATCH", CommitKeys.commits, claims)
        let check = try other.command(
            "EVAL", CommitTransaction.check, "4", stream, decisions, CommitKeys.commits, claims, "governor",
            "mark", "1",
            "quantum:governor:outcome:plan-1", "quantum:permit:plan-1")
        #expect(check.integer == 1)
        switch change[0] {
        case "EVALSHA": try commit([items[0]])
        // A host deletes this key when it claims.
        case "XAUTOCLAIM": try redis.command("DEL", claims)
        default: try redis.send(change)
        }
        _ = try other.command("MULTI")
        _ = try other.command("XACK", stream, "governor", items[0].decision.id.description)
        #expect(try other.command("EXEC").kind != .array)
    }

    @Test("another transaction between the check and EXEC makes the transaction fail")
    func overtakenByTransaction() throws {
        let items = try deliver([Plans.open("plan-1"), Plans.open("plan-2")])
        let other = try RedisConnection(redis.connection.server)
        defer { other.close() }
        _ = try other.command("WATCH", CommitKeys.commits, claims)
        #expect(try transact([items[1]]))
        _ = try other.command("MULTI")
        _ = try other.command("XACK", stream, "governor", items[0].decision.id.description)
        #expect(try other.command("EXEC").kind != .array)
    }

    @Test("a transaction of a user without the right to all its keys is not executed")
    func forbidden() throws {
        try redis.command("SET", "quantum:governor:outcome:plan-1", "0 1-1 permit")
        let items = try deliver([Plans.open("plan-1")])
        let selectors = ["permit", "governor:outcome", "governor:intake"].map { "(+exists ~quantum:\($0):*)" }
        try redis.send(["ACL", "SETUSER", "default", "-exists"] + selectors)
        #expect(try !transact(items))
        #expect(try redis.command("XLEN", decisions).integer == 0)
    }

    @Test("a right that is withdrawn between the commands and EXEC: entries without records become pending again")
    func withdrawnBeforeExec() throws {
        let items = try deliver([Plans.open("plan-1")])
        let id = items[0].decision.id
        var commands = RedisPipeline()
        commands.add("WATCH", CommitKeys.commits, claims)
        commands.add(
            "EVAL", CommitTransaction.check, "4", stream, decisions, CommitKeys.commits, claims, "governor", "mark",
            "1", "quantum:governor:outcome:plan-1", "quantum:permit:plan-1")
        commands.add("MULTI")
        // In the place of a share: the commands behind it are refused as if another client had changed the rights.
        commands.add("ACL", "SETUSER", "default", "-xadd")
        commands.add("XACK", stream, "governor", "\(id)")
        commands.add("SET", "quantum:governor:outcome:plan-1", "0 \(id) permit", "EX", "60", "NX")
        commands.add("SET", "quantum:permit:plan-1", "{}", "EX", "60", "NX")
        commands.add("XADD", decisions, "*", "intent_id", "\(id)")
        commands.add("PEXPIRE", CommitKeys.commits, "1000")
        commands.add("XTRIM", decisions, "MAXLEN", "~", "1000")
        commands.add("EXEC")
        let replies = try redis.connection.send(commands)
        var committed = CommittedBatch(items: items, LedgerBatch(), .idle)
        #expect(throws: RedisError.self) { _ = try committed.read(transaction: replies, shares: 1) }
        #expect(committed.unrecorded == [id])
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 0)
        let reader = StreamReader(
            stream: stream, group: "governor", consumer: "test", batch: 1, longestBlock: .milliseconds(1))
        try reader.giveBack(committed.unrecorded, redis.connection)
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 1)
        #expect(try reader.pending(redis.connection, after: nil).map(\.id) == [id])
    }

    @Test("an event that Redis refuses does not keep the decisions from their records")
    func refusedEvent() throws {
        try redis.command("SET", "events", "no stream")
        let items = try deliver([Plans.open("plan-1") + [("ask-alpha", "block")]]).map { item in
            var decision = item.decision
            decision.events = [PendingEvent(event: BlockEvent(), enforced: true)]
            return CommitItem(decision: decision)
        }
        #expect(try transact(items))
        #expect(try redis.entries(decisions).map { $0["outcome"] } == ["block"])
    }
}
