import Deployment
import Foundation
import GateAPI
@testable import GateHost
import Redis
import Platform
import Testing
import TestSupport
import TradingState

/// I4: a gate's fault changes no other gate's verdict, and no other intent's.
@Suite("Containment", .serialized)
struct ContainmentTests {
    private static let stream = "quantum:stream:apply.plan"
    private static let decisions = "quantum:stream:governor.decision"
    private let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
    }

    private func host(
        _ sections: String = "", faulty: String = "mode: enforce",
        others: String = "  - { gate: alpha, mode: enforce }", batch: Int = 16,
        journal: CrashJournal = CrashJournal()
    ) throws -> HostFixture {
        let configuration = try TestConfiguration.make(
            "  - { gate: faulty, \(faulty) }\n\(others)", types: [FaultyGate.self] + scriptedGates,
            url: redis.server.url,
            sections: """
                intake: { consumer: desk, batch: \(batch), block: 20ms, claim_after: 1s, claim_interval: 100ms }
                \(sections)
                """
        )
        return try HostFixture(configuration, journal: journal)
    }

    /// Publishes plans that tell the faulty gate what to do, and waits for their decision records, in order.
    private func decide(_ asks: [String], from first: Int = 0, others: [String: String] = [:]) async throws -> [Record]
    {
        try redis.publish(
            asks.enumerated().map { index, ask in
                Plans.open("plan-\(first + index)") + [("ask-faulty", ask)] + others.map { ("ask-\($0.key)", $0.value) }
            },
            to: Self.stream)
        try await eventually("\(first + asks.count) decisions") {
            try redis.command("XLEN", Self.decisions).integer ?? 0 >= first + asks.count
        }
        let records = try redis.entries(Self.decisions)
        #expect(records.count == first + asks.count, "one decision an entry")
        return try asks.indices.map { index in
            try Record(try #require(records.first { $0["plan_id"] == "plan-\(first + index)" }))
        }
    }

    /// The parts of a decision record that these tests check.
    private struct Record {
        let outcome: String
        /// `gate:reason` of each gate that failed open.
        let failedOpen: String
        let verdicts: [String]
        let details: [String]

        init(_ fields: [String: String]) throws {
            outcome = fields["outcome"] ?? ""
            failedOpen = fields["failed_open"] ?? ""
            let gates = try #require(
                try JSONSerialization.jsonObject(with: Data((fields["gates"] ?? "").utf8)) as? [[String: Any]])
            verdicts = gates.compactMap { $0["verdict"] as? String }
            details = gates.map { $0["detail"] as? String ?? "" }
        }
    }

    // MARK: Deadlines

    @Test(
        "a late verdict does not count, whether the gate worked or slept; the next gate is asked as usual",
        arguments: ["spin", "sleep"])
    func late(ask: String) async throws {
        let host = try host()
        let records = try await decide([ask, "", ask], others: ["alpha": "block"])
        #expect(records.map(\.failedOpen) == ["faulty:gate_deadline", "", "faulty:gate_deadline"])
        #expect(records.allSatisfy { $0.outcome == "block" && $0.verdicts[1] == "block" })
        #expect(records[0].details[0].hasPrefix("took "))
        await host.stop()
    }

    @Test("a gate within a long deadline is not late")
    func patient() async throws {
        let host = try host("containment: { decision_deadline: 2s }", faulty: "mode: enforce, deadline: 1s")
        #expect(try await decide(["spin", "sleep"]).map(\.failedOpen) == ["", ""])
        await host.stop()
    }

    @Test("a gate that is late once is asked again, because the machine may have held it up")
    func lateOnce() async throws {
        let host = try host()
        #expect(try await decide(["spin-once"]).map(\.failedOpen) == [""])
        await host.stop()
    }

    @Test("once the gates have used up the intent's time, the remaining gates are not asked")
    func decisionDeadline() async throws {
        let host = try host(
            "containment: { decision_deadline: 20ms }",
            others: "  - { gate: alpha, mode: enforce }\n  - { gate: beta, mode: enforce, on_failure: deny }")
        try redis.publishPosition("0")
        let records = try await decide(["spin", ""])
        #expect(records[0].outcome == "block")
        #expect(records[0].failedOpen == "faulty:gate_deadline,alpha:decision_deadline")
        #expect(records[1].outcome == "permit")
        #expect(records[1].failedOpen.isEmpty)
        await host.stop()
    }

    @Test("a gate that hangs fails open for that intent, and the other gates go on", arguments: [1, 3])
    func hang(batch: Int) async throws {
        let host = try host(batch: batch)
        let records = try await decide(["", "hang", "", ""], others: ["alpha": "block"])
        #expect(records.map(\.failedOpen) == ["", "faulty:gate_deadline", "", ""])
        #expect(records.allSatisfy { $0.outcome == "block" })
        #expect(host.metrics.contains(#"gatehost_gate_hangs_total{gate="faulty"} 1"#))
        #expect(try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer == 0)
        // The gate returns at last. Its thread decides nothing more.
        FaultyGate.release.signal()
        try await eventually("the thread's end") { host.metrics.contains("gatehost_abandoned_threads 0") }
        let more = try await decide(["", ""], from: 4)
        #expect(more.allSatisfy { $0.outcome == "permit" && $0.failedOpen.isEmpty })
        await host.stop()
    }

    @Test("a gate that hangs again and again is not called until it is reset")
    func hangs() async throws {
        let host = try host()
        let records = try await decide(["hang", "hang", "hang"]) + decide(["hang", ""], from: 3)
        #expect(
            records.map(\.failedOpen) == Array(repeating: "faulty:gate_deadline", count: 3)
                + Array(repeating: "faulty:breaker_open", count: 2))
        #expect(host.containment.concerns == [.init(gate: "faulty", breaker: .latched, isAlarmed: false)])
        #expect(host.containment.reset("faulty"))
        #expect(!host.containment.reset("alpha-beta"))
        #expect(try await decide([""], from: 5).map(\.failedOpen) == [""])
        #expect(host.containment.concerns.isEmpty)
        for _ in 0..<3 { FaultyGate.release.signal() }
        try await eventually("the threads' end") { host.metrics.contains("gatehost_abandoned_threads 0") }
        await host.stop()
    }

    // MARK: Breakers

    @Test("a gate that keeps failing is not called for a while; then probes call it")
    func breaker() async throws {
        let host = try host("containment: { breaker_pause: 300ms, breaker_probes: 2 }")
        let failing = try await decide(Array(repeating: "throw", count: 8), others: ["alpha": "block"])
        #expect(
            failing.map(\.failedOpen) == Array(repeating: "faulty:gate_error", count: 5)
                + Array(repeating: "faulty:breaker_open", count: 3))
        #expect(failing.allSatisfy { $0.outcome == "block" && $0.verdicts[1] == "block" })
        #expect(host.metrics.contains(#"gatehost_gate_breaker_state{gate="faulty"} 2"#))
        #expect(host.containment.concerns.map(\.breaker) == [.open])
        // A failed probe keeps the breaker open.
        try await eventually("the pause's end") { try await decideOne("throw") != "faulty:breaker_open" }
        #expect(try await decideOne("") == "faulty:breaker_open")
        try await eventually("a good probe") { try await decideOne("") == "" }
        #expect(try await decideOne("") == "")
        #expect(host.containment.concerns.isEmpty)
        await host.stop()
    }

    private func decideOne(_ ask: String) async throws -> String {
        let count = try redis.command("XLEN", Self.decisions).integer ?? 0
        return try await decide([ask], from: count)[0].failedOpen
    }

    @Test("an open breaker follows on_failure, but blocks no close")
    func denying() async throws {
        let host = try host(faulty: "mode: enforce, on_failure: deny")
        try redis.publishPosition("0")
        let records = try await decide(Array(repeating: "throw", count: 6))
        #expect(records.allSatisfy { $0.outcome == "block" })
        try redis.publishPosition("1")
        try redis.publish([Plans.fullClose("close"), Plans.open("open")], to: Self.stream)
        try await eventually("both decisions") { try redis.command("XLEN", Self.decisions).integer == 8 }
        let outcomes = try redis.entries(Self.decisions).suffix(2).map { $0["outcome"] }
        #expect(outcomes == ["permit", "block"])
        await host.stop()
    }

    @Test("an open breaker with on_failure: deny grants capped what may be a close")
    func denyingUnknown() async throws {
        let host = try host(faulty: "mode: enforce, on_failure: deny")
        let records = try await decide(Array(repeating: "throw", count: 6))
        #expect(records.allSatisfy { $0.outcome == "permit" })
        let last = try #require(try redis.entries(Self.decisions).last)
        #expect(last["amended_by"] == "faulty:breaker_open")
        #expect(last["gates"]?.contains(#""effect":"failed_capped""#) == true)
        let permit = try redis.command("GET", "quantum:permit:plan-5").text
        #expect(permit?.contains(#""reduce_only": true"#) == true)
        await host.stop()
    }

    // MARK: Crashes

    @Test("after a crash in a gate, its entry is decided without that gate, once")
    func crash() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/crash.journal"
        try redis.publish((0..<3).map { Plans.open("plan-\($0)") + [("ask-alpha", "block")] }, to: Self.stream)
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0")
        let delivered = try redis.command(
            "XREADGROUP", "GROUP", "governor", "desk", "COUNT", "3", "STREAMS", Self.stream, ">")
        let entries = try #require(delivered.element(0)?.element(1)).elements.compactMap {
            $0.element(0)?.text.flatMap { EntryID($0) }
        }
        do {
            let journal = try CrashJournal(path: path)
            let place = try #require(journal.place(of: "faulty", besides: []))
            let slot = try #require(journal.takeSlot(stream: StableHash.of(Self.stream)))
            slot.begin(entries[1])
            slot.enter(9, place: UInt64(place))
            slot.trapWord.storeBytes(of: 1, as: UInt64.self)
        }
        let calls = FaultyGate.calls
        let host = try host(journal: try CrashJournal(path: path))
        try await eventually("3 decisions") { try redis.command("XLEN", Self.decisions).integer == 3 }
        let records = try redis.entries(Self.decisions).map { try Record($0) }
        #expect(records.map(\.failedOpen) == ["", "faulty:gate_crash", ""])
        #expect(records.allSatisfy { $0.outcome == "block" })
        #expect(FaultyGate.calls == calls + 2)
        #expect(host.metrics.contains(#"gatehost_gate_crashes_total{gate="faulty"} 1"#))
        try await eventually("no exemption left") { host.containment.exemptions.isEmpty }
        await host.stop()
    }

    @Test("the third crash within the hour latches the gate for all later processes, and so does its reset")
    func repeatedCrashes() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/crash.journal"
        for _ in 0..<3 {
            let journal = try await open(path)
            let place = try #require(journal.place(of: "faulty", besides: []))
            let slot = try #require(journal.takeSlot(stream: 1))
            slot.begin(EntryID(milliseconds: 1, sequence: 1))
            slot.enter(1, place: UInt64(place))
            slot.trapWord.storeBytes(of: 1, as: UInt64.self)
            try await host(journal: journal).stop()
        }
        do {
            let latched = try host(journal: try await open(path))
            #expect(latched.containment.concerns.map(\.breaker) == [.latched])
            #expect(try await decide([""]).map(\.failedOpen) == ["faulty:breaker_open"])
            #expect(latched.containment.reset("faulty"))
            await latched.stop()
        }
        let reset = try host(journal: try await open(path))
        #expect(reset.containment.concerns.isEmpty)
        await reset.stop()
    }

    /// Opens the journal as soon as the last host has unlocked it.
    private func open(_ path: String) async throws -> CrashJournal {
        var journal: CrashJournal?
        try await eventually("the journal") {
            journal = try? CrashJournal(path: path)
            return journal != nil
        }
        return try #require(journal)
    }

    // MARK: Poison

    /// Delivers all entries to a consumer `times` times.
    private func deliver(_ times: Int, to consumer: String) throws {
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0")
        try redis.command("XREADGROUP", "GROUP", "governor", consumer, "STREAMS", Self.stream, ">")
        for _ in 1..<times {
            try redis.command("XREADGROUP", "GROUP", "governor", consumer, "STREAMS", Self.stream, "0")
        }
    }

    @Test(
        "an entry delivered too often without a decision becomes a dead letter with its history; the others go on",
        arguments: ["desk", "dead"])
    func poison(consumer: String) async throws {
        try redis.publish([Plans.open("poison")], to: Self.stream)
        try deliver(10, to: consumer)
        let host = try host()
        try redis.publish([Plans.open("plan")], to: Self.stream)
        try await eventually("2 decisions") { try redis.command("XLEN", Self.decisions).integer == 2 }
        let records = try redis.entries(Self.decisions)
        let poison = try #require(records.first { $0["reason"] == "too_many_deliveries" })
        #expect(poison["outcome"] == "dead_letter")
        #expect(records.contains { $0["plan_id"] == "plan" && $0["outcome"] == "permit" })
        let dead = try #require(try redis.entries("quantum:stream:apply.plan.dead").first)
        #expect(dead["_reason"] == "too_many_deliveries")
        #expect(dead["_deliveries"] == "11")
        #expect(dead["plan_id"] == "poison")
        #expect(dead["qty"] == "0.01")
        #expect(try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer == 0)
        await host.stop()
    }

    @Test("an entry that was delivered less often is judged alone", arguments: ["desk", "dead"])
    func suspicious(consumer: String) async throws {
        try redis.publish((0..<4).map { Plans.open("plan-\($0)") }, to: Self.stream)
        try deliver(9, to: consumer)
        let host = try host()
        try await eventually("4 decisions") { try redis.command("XLEN", Self.decisions).integer == 4 }
        #expect(try redis.entries(Self.decisions).allSatisfy { $0["outcome"] == "permit" })
        #expect(host.metrics.contains(#"gatehost_batch_entries_bucket{le="1"} 4"#))
        await host.stop()
    }

    @Test("sessions that end through Redis do not count as deliveries")
    func outage() async throws {
        try redis.publish([Plans.open("plan-0")], to: Self.stream)
        // Every commit fails, because the decision stream is of the wrong type.
        try redis.command("SET", Self.decisions, "x")
        let host = try host()
        try await eventually("many sessions") {
            host.metrics.firstMatch(of: /gatehost_redis_sessions_lost_total (\d+)/).flatMap { Int($0.1) } ?? 0 >= 6
        }
        let pending =
            try redis.command("XPENDING", Self.stream, "governor", "-", "+", "1").element(0)?.element(3)?.integer ?? 0
        #expect((1...2).contains(pending))
        try redis.command("DEL", Self.decisions)
        try await eventually("the decision") { try redis.command("XLEN", Self.decisions).integer == 1 }
        await host.stop()
    }

    // MARK: Alarm

    @Test(
        "too many intents that a gate cannot judge raise an alarm; with on_alarm: deny the gate then fails closed",
        arguments: ["alert", "deny"])
    func alarm(action: String) async throws {
        let host = try host(
            "containment: { alarm_window: 1s, alarm_minimum: 10 }", faulty: "mode: enforce, on_alarm: \(action)",
            others: "  - { gate: alpha, mode: shadow }")
        try redis.publishPosition("0")
        #expect(try await decide(Array(repeating: "", count: 12)).allSatisfy { $0.outcome == "permit" })
        var count = 12
        try await eventually("the alarm") {
            _ = try await decide(Array(repeating: "throw", count: 12), from: count)
            count += 12
            return host.containment.concerns.contains { $0.isAlarmed }
        }
        #expect(host.metrics.contains(#"gatehost_gate_alarm{gate="faulty"} 1"#))
        let record = try await decide(["throw"], from: count)[0]
        #expect(record.outcome == (action == "deny" ? "block" : "permit"))
        #expect(record.failedOpen == (action == "deny" ? "" : "faulty:breaker_open"))
        // Once the failures end, the alarm ends, and so does its effect.
        #expect(host.containment.reset("faulty"))
        try await eventually("the alarm's end") { !host.containment.concerns.contains { $0.isAlarmed } }
        #expect(try await decide(["throw"], from: count + 1)[0].outcome == "permit")
        await host.stop()
    }

    // MARK: Configuration

    @Test("gate deadlines that add up to more than the decision deadline are refused")
    func impossible() throws {
        let error = #expect(throws: ConfigurationErrors.self) {
            try TestConfiguration.make(
                """
                  - { gate: alpha, mode: enforce, deadline: 300ms }
                  - { gate: beta, mode: shadow, deadline: 201ms }
                  - { gate: gamma, mode: off, deadline: 10s }
                """)
        }
        #expect(
            error?.diagnostics.map(\.message) == [
                "the gates' deadlines add up to 501ms, more than containment.decision_deadline (500ms)"
            ])
    }
}
