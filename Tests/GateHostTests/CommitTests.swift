import Deployment
import GateAPI
@testable import GateHost
import Redis
import Testing
import TestSupport

/// The commit against a real server: entries are delivered to a consumer, decided, and committed as the host does.
@Suite("Commit")
struct CommitTests {
    private let redis: RedisFixture
    private let configuration: HostConfiguration
    private let pipeline: Pipeline
    private let stream = "quantum:stream:apply.plan"

    init() throws {
        redis = try RedisFixture()
        configuration = try TestConfiguration.make(
            "  - { gate: alpha, mode: enforce }", url: redis.server.url,
            sections: "answers: { dead_letter_max_bytes: 4294967296 }")
        pipeline = Pipeline(gates: configuration.gates)
        try redis.command("XGROUP", "CREATE", stream, "governor", "0", "MKSTREAM")
    }

    /// Publishes the entries, delivers them to the group, and decides them.
    private func deliver(_ entries: [Plans.Pairs]) throws -> [CommitItem] {
        try redis.publish(entries, to: stream)
        let reply = try redis.command(
            "XREADGROUP", "GROUP", "governor", "test", "COUNT", "1000", "STREAMS", stream, ">")
        let ids = (reply.element(0)?.element(1)?.elements ?? reply.elements).compactMap { $0.element(0)?.text }
        return zip(ids, entries).map { id, pairs in
            let entry = StreamEntry(id: EntryID(id)!, fields: Fields(pairs))
            return CommitItem(
                decision: pipeline.decide(entry, Inputs(now: Timestamp(seconds: 1_795_354_622))))
        }
    }

    private func commit(_ items: [CommitItem], sha loaded: String? = nil) throws -> RedisReply {
        let sha = try loaded ?? redis.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
        var commands = RedisPipeline()
        let encoder = CommitEncoder(
            stream: configuration.intake.stream, configuration: configuration, host: "test-host:1")
        encoder.encode(
            items, LedgerBatch(), .idle, sha: sha, now: Timestamp(milliseconds: 1_795_354_622_123), into: &commands)
        return try #require(try redis.connection.send(commands).first)
    }

    private func results(_ reply: RedisReply) -> [Int?] { reply.elements.map(\.integer) }

    @Test("a permit has the contract's fifteen members, its TTL and its record")
    func permit() throws {
        let items = try deliver([Plans.open("plan-1")])
        #expect(results(try commit(items)) == [1])
        #expect(
            try redis.command("GET", "quantum:permit:plan-1").text
                == #"{"granted": true, "symbol": "BTCUSDT", "decision": "EXECUTE", "computed_qty": 0.01, "#
                + #""computed_notional": 1000, "created_at": 1795354622, "consumed": false, "eff_score": "", "#
                + #""eff_confidence": "", "eff_stale": "1", "eff_factor": "1.0000", "eff_action": "NONE", "#
                + #""eff_reason": "missing_eff", "downsize_factor": "1.0000", "extra_cooldown_sec": "0"}"#
        )
        let ttl = try #require(try redis.command("TTL", "quantum:permit:plan-1").integer)
        #expect((55...60).contains(ttl))
        let record = try #require(try redis.entries("quantum:stream:governor.decision").first)
        #expect(record["intent_id"] == items[0].decision.id.description)
        #expect(record["plan_id"] == "plan-1")
        #expect(record["symbol"] == "BTCUSDT")
        #expect(record["outcome"] == "permit")
        #expect(record["reason"] == "all_gates_passed")
        #expect(record["config_hash"] == configuration.hash)
        #expect(record["host"] == "test-host:1")
        #expect(record["decided_at_ms"] == "1795354622123")
        #expect(
            record["gates"]
                == #"[{"gate":"alpha","mode":"enforce","verdict":"pass","effect":"none","reason":"","#
                + #""evidence":{"quantity":0.01},"duration_us":0}]"#
        )
        #expect(record["plan"]?.contains(#""signature":"intent_bridge""#) == true)
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 0)
    }

    @Test("a block has its record for an hour, and no permit")
    func block() throws {
        let reply = try commit(deliver([Plans.open("plan-1") + [("ask-alpha", "block")]]))
        #expect(results(reply) == [1])
        #expect(
            try redis.command("GET", "quantum:governor:block:plan-1").text
                == #"{"reason": "scripted_reason", "timestamp": 1795354622.123, "symbol": "BTCUSDT"}"#)
        let ttl = try #require(try redis.command("TTL", "quantum:governor:block:plan-1").integer)
        #expect((3_590...3_600).contains(ttl))
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1").integer == 0)
        let record = try #require(try redis.entries("quantum:stream:governor.decision").first)
        #expect(record["outcome"] == "block")
        #expect(record["gate"] == "alpha")
        #expect(record["reason"] == "scripted_reason")
    }

    @Test("I1: an entry that is no longer pending is not decided again")
    func decidedOnce() throws {
        let items = try deliver([Plans.open("plan-1"), Plans.open("plan-2")])
        #expect(results(try commit([items[0]])) == [1])
        #expect(results(try commit(items)) == [0, 1])
        #expect(results(try commit(items)) == [0, 0])
        #expect(try redis.entries("quantum:stream:governor.decision").count == 2)
    }

    @Test("I2: a plan published again gets no second permit, even after the first was consumed")
    func republished() throws {
        _ = try commit(deliver([Plans.open("plan-1", timestamp: "1795354622")]))
        try redis.command("DEL", "quantum:permit:plan-1")
        let again = try deliver([Plans.open("plan-1", timestamp: "1795354999")])
        #expect(results(try commit(again)) == [2])
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1").integer == 0)
        let records = try redis.entries("quantum:stream:governor.decision")
        #expect(records.map { $0["outcome"] } == ["permit", "duplicate"])
        #expect(records[1]["reason"] == "plan_already_decided")
        #expect(records[1]["first_intent_id"] == records[0]["intent_id"])
        #expect(records[1]["gates"] == "[]")
    }

    @Test("I2: a plan with its fields in another order has the same body")
    func fieldOrder() throws {
        _ = try commit(deliver([Plans.open("plan-1")]))
        #expect(results(try commit(deliver([Plans.open("plan-1").reversed()]))) == [2])
    }

    @Test("I2: the same plan id with another body is blocked; a live permit of that id gets no block record beside it")
    func reused() throws {
        let other = Plans.open("plan-1", quantity: "5")
        #expect(results(try commit(deliver([Plans.open("plan-1"), other]))) == [1, 3])
        let permit = try redis.command("GET", "quantum:permit:plan-1").text
        #expect(permit?.contains("\"computed_qty\": 0.01") == true)
        #expect(try redis.command("EXISTS", "quantum:governor:block:plan-1").integer == 0)
        try redis.command("DEL", "quantum:permit:plan-1")
        #expect(results(try commit(deliver([other]))) == [3])
        #expect(
            try redis.command("GET", "quantum:governor:block:plan-1").text
                == #"{"reason": "plan_id_reused", "timestamp": 1795354622.123, "symbol": "BTCUSDT"}"#)
        let records = try redis.entries("quantum:stream:governor.decision")
        #expect(records.map { $0["outcome"] } == ["permit", "block", "block"])
        #expect(records[1]["reason"] == "plan_id_reused")
    }

    @Test("a permit that another Governor wrote is not written again")
    func foreignPermit() throws {
        try redis.command("SET", "quantum:permit:plan-1", "theirs")
        #expect(results(try commit(deliver([Plans.open("plan-1")]))) == [4])
        #expect(try redis.command("GET", "quantum:permit:plan-1").text == "theirs")
        #expect(try redis.entries("quantum:stream:governor.decision").first?["reason"] == "permit_exists")
    }

    @Test("a plan whose foreign permit was consumed gets none of ours when it is published again")
    func consumedForeignPermit() throws {
        try redis.command("SET", "quantum:permit:plan-1", "theirs")
        #expect(results(try commit(deliver([Plans.open("plan-1")]))) == [4])
        try redis.command("GETDEL", "quantum:permit:plan-1")
        #expect(results(try commit(deliver([Plans.open("plan-1")]))) == [2])
        #expect(results(try commit(deliver([Plans.open("plan-1", quantity: "5")]))) == [3])
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1").integer == 0)
        let outcome = try redis.command("GET", "quantum:governor:outcome:plan-1").text ?? ""
        // No grant: the group has given none.
        #expect(outcome.hasSuffix(" foreign"), "\(outcome)")
    }

    @Test("a plan whose permit was taken back, and that another Governor permits then, keeps the foreign outcome")
    func foreignPermitAfterRevocation() throws {
        try redis.command(
            "SET", "quantum:governor:outcome:plan-1", "0123456789abcdef 1-1 permit revoked 1 position:BTCUSDT 0 1")
        try redis.command("SET", "quantum:permit:plan-1", "theirs")
        #expect(results(try commit(deliver([Plans.open("plan-1")]))) == [4])
        try redis.command("DEL", "quantum:permit:plan-1")
        #expect(results(try commit(deliver([Plans.open("plan-1")]))) == [2])
    }

    @Test(
        "a right that is withdrawn while the host runs stops the commit before it acknowledges anything",
        arguments: [
            ["-xadd"], ["-xack"], ["-set"], ["-xadd", "(+xadd ~quantum:stream:apply.plan.dead)"],
            // Without the right to read, SET cannot tell whether the plan id has its outcome.
            ["-set", "(+set ~quantum:governor:intake:* %W~quantum:governor:* ~quantum:permit:*)"],
            ["-set", "(+set ~quantum:governor:*)"],
        ])
    func withdrawnRight(rules: [String]) throws {
        let items = try deliver([Plans.open("plan-1"), Plans.open("plan-2")])
        let sha = try redis.command("SCRIPT", "LOAD", CommitScript.source).text
        try redis.send(["ACL", "SETUSER", "default"] + rules)
        let error = try commit(items, sha: sha).error
        #expect(["NOPERM", "ERR"].contains(error?.prefix), "\(String(describing: error))")
        try redis.send(["ACL", "SETUSER", "default", "clearselectors", "allcommands", "allkeys"])
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 2)
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1", "quantum:permit:plan-2").integer == 0)
        #expect(try redis.command("EXISTS", "quantum:governor:outcome:plan-1").integer == 0)
        #expect(results(try commit(items)) == [1, 1])
        #expect(try redis.entries("quantum:stream:governor.decision").map { $0["outcome"] } == ["permit", "permit"])
    }

    @Test("a right that only dead letters need, withdrawn while the host runs, stops them before they are acknowledged")
    func withdrawnRightToDeadLetters() throws {
        let items = try deliver([Plans.open("plan-1"), [("symbol", "BTCUSDT")]])
        let sha = try redis.command("SCRIPT", "LOAD", CommitScript.source).text
        try redis.send(["ACL", "SETUSER", "default", "-xadd", "(+xadd ~quantum:stream:governor.decision)"])
        #expect(try commit(items, sha: sha).error?.prefix == "NOPERM")
        try redis.send(["ACL", "SETUSER", "default", "clearselectors", "allcommands"])
        let decided = try redis.entries("quantum:stream:governor.decision").count
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 2 - decided)
        _ = try commit(items)
        #expect(
            try redis.entries("quantum:stream:governor.decision").map { $0["outcome"] } == ["permit", "dead_letter"])
    }

    @Test("a skipped entry does not use up its plan id")
    func skipped() throws {
        let skip: Plans.Pairs = [("plan_id", "plan-1"), ("symbol", "BTCUSDT"), ("decision", "SKIP")]
        #expect(results(try commit(deliver([skip, Plans.open("plan-1")]))) == [1, 1])
        #expect(try redis.entries("quantum:stream:governor.decision").map { $0["outcome"] } == ["skip", "permit"])
    }

    @Test("a dead letter holds every byte of every field, in order, behind the reason")
    func deadLetter() throws {
        let bytes = #"a\"~"#
        #expect(results(try commit(deliver([[("symbol", "BTCUSDT"), ("odd", bytes), ("symbol", "again")]]))) == [1])
        let entry = try #require(
            try redis.command("XRANGE", "quantum:stream:apply.plan.dead", "-", "+").element(0)?.element(1))
        let values = entry.elements.compactMap(\.text)
        #expect(values.prefix(2) == ["_reason", "missing_plan_id"])
        #expect(values.suffix(6) == ["symbol", "BTCUSDT", "odd", bytes, "symbol", "again"])
        #expect(try redis.entries("quantum:stream:governor.decision").first?["outcome"] == "dead_letter")
    }

    @Test("a dead letter with more fields than a script may pass on is one list, and complete")
    func largeDeadLetter() throws {
        let pairs: Plans.Pairs = (0..<2_001).map { _ in ("a", "") }
        #expect(results(try commit(deliver([pairs]))) == [1])
        let letter = try #require(try redis.entries("quantum:stream:apply.plan.dead").first)
        #expect(letter["_entry"]?.split(separator: ",").count == 4_002)
    }

    @Test("a decision stream of the wrong type stops the whole commit, which acknowledges and loses nothing")
    func wrongDecisionStream() throws {
        try redis.command("SET", "quantum:stream:governor.decision", "text")
        let items = try deliver([Plans.open("plan-1")])
        #expect(try commit(items).error?.prefix == "WRONGTYPE")
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 1)
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1").integer == 0)
        try redis.command("DEL", "quantum:stream:governor.decision")
        #expect(results(try commit(items)) == [1])
    }

    @Test("an outcome key of the wrong type does not stop a decision")
    func wrongOutcomeKey() throws {
        try redis.command("RPUSH", "quantum:governor:outcome:plan-1", "x")
        #expect(results(try commit(deliver([Plans.open("plan-1")]))) == [1])
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1").integer == 1)
    }

    private struct HugeEvent: StreamEvent {
        static let stream = "quantum:stream:huge"
        static let maximumLength = 10
        func fields(enforced: Bool) -> [(name: String, value: String)] { (0..<5_000).map { ("field\($0)", "value") } }
    }

    @Test("a refused event is reported, and its decision stands with its record")
    func hugeEvent() throws {
        var items = try deliver([Plans.open("plan-1"), Plans.open("plan-2")])
        var decision = items[0].decision
        decision.events = [PendingEvent(event: HugeEvent(), enforced: true)]
        items[0] = CommitItem(decision: decision)
        let reply = try commit(items)
        #expect(results(reply) == [1, 1, nil])
        #expect(reply.element(2)?.text == "quantum:stream:huge: ERR the event has too many fields")
        #expect(try redis.entries("quantum:stream:governor.decision").count == 2)
        #expect(try redis.command("EXISTS", "quantum:permit:plan-1").integer == 1)
    }
}
