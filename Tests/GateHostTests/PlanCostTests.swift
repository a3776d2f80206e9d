import GateHost
import P28Budget
import Redis
import Testing
import TestSupport

/// What one plan may cost, and what its text may do where people read it.
@Suite("The cost of a plan", .serialized)
struct PlanCostTests {
    private static let dead = "quantum:stream:apply.plan.dead"
    private let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
    }

    /// The decision records of these plans, and the host's metrics.
    private func decide(
        _ plans: [Plans.Pairs], gate: String = "alpha", sections: String = ""
    ) async throws -> (records: [[String: String]], metrics: String) {
        let host = try HostFixture(
            TestConfiguration.make(
                "  - { gate: \(gate), mode: enforce }", types: scriptedGates + [P28Budget.self], url: redis.server.url,
                sections: sections))
        try redis.publish(plans, to: RedisFixture.planStream)
        try await redis.waitForDecisions(plans.count)
        await host.stop()
        return (try redis.entries(RedisFixture.decisionStream), host.metrics)
    }

    private func bytes(_ fields: [String: String]) -> Int {
        fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    @Test("K8: 60 KB of NULs leave a small decision record, which refers to the plan by its id")
    func nuls() async throws {
        let nuls = String(repeating: "\0", count: 60_000)
        let (records, _) = try await decide([Plans.open("nuls") + [("junk", nuls)]])
        let record = try #require(records.first)
        #expect(record["outcome"] == "permit")
        #expect(bytes(record) < 2_000)
        #expect(record["plan"] == "")
        #expect(record["plan_bytes"].flatMap { Int($0) }.map { $0 > 60_000 } == true)
    }

    @Test(
        "answers.plan_max_bytes is the limit of the plan's JSON, in both commits", arguments: [1, 40])
    func limit(plans: Int) async throws {
        let base = #"{"plan_id":"p-00","decision":"EXECUTE","symbol":"BTCUSDT","junk":""}"#.utf8.count
        func plan(_ number: Int, _ size: Int) -> Plans.Pairs {
            let id = "p-\(number < 10 ? "0" : "")\(number)"
            let junk = String(repeating: "j", count: size - base)
            return [("plan_id", id), ("decision", "EXECUTE"), ("symbol", "BTCUSDT"), ("junk", junk)]
        }
        let (records, _) = try await decide(
            (0..<plans).flatMap { [plan(2 * $0, 1_024), plan(2 * $0 + 1, 1_025)] },
            sections: "answers: { plan_max_bytes: 1024 }")
        for record in records {
            let isKept = Int(record["plan_id"]?.suffix(2) ?? "").map { $0 % 2 == 0 }
            #expect((record["plan"]?.utf8.count == 1_024) == isKept)
            #expect((record["plan_bytes"] == nil) == isKept)
        }
    }

    @Test("K8: newlines, escape sequences and kilobytes of an action do not reach the record")
    func action() async throws {
        let (records, _) = try await decide([
            Plans.open("plan").filter { $0.name != "action" } + [
                ("action", "BUY\nfailed_open\n\u{1B}[2J\u{9B}" + String(repeating: "x", count: 5_000))
            ]
        ])
        let action = try #require(records.first?["action"])
        #expect(action.hasPrefix("BUY?failed_open??[2J??xxx"))
        #expect(action.utf8.count == 64)
        #expect(records.first?["plan"]?.contains(#"\u001b[2J\u009b"#) == true)
    }

    @Test("the symbol of a plan that is skipped is a symbol, or nothing")
    func skipped() async throws {
        let (records, _) = try await decide(
            ["BTCUSDT", "BTC\nfailed_open", "BTC\u{9B}2J", "BTC\u{202E}", String(repeating: "B", count: 60_000)].map {
                [("plan_id", "plan"), ("decision", "SKIP"), ("symbol", $0)]
            })
        #expect(records.map { $0["symbol"] } == ["BTCUSDT", "", "", "", ""])
    }

    @Test("K8: a dead letter says plan id and size; text that people could not read safely comes as JSON")
    func deadLetters() async throws {
        let entries: [Plans.Pairs] = [
            [("plan_id", "plain"), ("decision", "EXECUTE")],
            [("plan_id", "steers"), ("decision", "EXECUTE"), ("action", "a\n_reason\n\u{1B}[2J")],
            [("plan_id", "poses"), ("decision", "EXECUTE"), ("_reason", "none")],
            [("plan_id", "large"), ("decision", "EXECUTE"), ("junk", String(repeating: "j", count: 60_000))],
            [("plan_id", "no id"), ("decision", "EXECUTE")],
        ]
        _ = try await decide(entries)
        let letters = try redis.entries(Self.dead)
        #expect(letters.map { $0["_plan_id"] } == ["plain", "steers", "poses", "large", nil])
        #expect(letters[0]["_bytes"] == String("plan_idplaindecisionEXECUTE".utf8.count))
        #expect(letters[0]["plan_id"] == "plain")
        #expect(
            letters[1]["_entry"]
                == #"["plan_id","steers","decision","EXECUTE","action","a\n_reason\n\u001b[2J"]"#)
        #expect(letters[2]["_reason"] == "missing_symbol")
        #expect(letters[2]["_entry"]?.contains(#""_reason","none""#) == true)
        #expect(letters[3]["junk"] == nil)
        #expect(letters[3]["_entry"] == nil)
        #expect(letters.allSatisfy { bytes($0) < 1_000 })
    }

    @Test("the budgets of 230 symbols that nobody holds do not take a real one's metrics")
    func budgetedLabels() async throws {
        for number in 0..<230 {
            try redis.command(
                "HSET", "quantum:portfolio:budget:JUNK\(number)", "budget_usd", "1", "mode", "enforce", "timestamp", "1"
            )
        }
        try redis.publishPosition("1")
        let junk = (0..<230).map { Plans.open("junk-\($0)", "JUNK\($0)") }
        let (_, metrics) = try await decide(junk + [Plans.open("real")], gate: "p28-budget")
        #expect(metrics.contains(#"quantum_govern_allow_total{symbol="BTCUSDT"} 1"#))
        #expect(metrics.contains(#"quantum_govern_allow_total{symbol="other"} 130"#))
    }

    @Test("K8: 230 symbols that nobody holds do not take a real one's metrics")
    func labels() async throws {
        try redis.publishPosition("1")
        let junk = (0..<230).map { Plans.open("junk-\($0)", "JUNK\($0)") }
        let (_, metrics) = try await decide(
            junk + [Plans.open("real"), Plans.open("listed", "ETHUSDT")], gate: "p28-budget",
            sections: "admin: { symbols: [ETHUSDT] }")
        #expect(metrics.contains(#"quantum_govern_allow_total{symbol="BTCUSDT"} 1"#))
        #expect(metrics.contains(#"quantum_govern_allow_total{symbol="ETHUSDT"} 1"#))
        #expect(metrics.contains(#"quantum_govern_allow_total{symbol="other"} 230"#))
        #expect(!metrics.contains("JUNK"))
    }
}
