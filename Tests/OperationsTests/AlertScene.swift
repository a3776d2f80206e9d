import TestSupport
import Testing

private let faulty = "  - { gate: faulty, mode: enforce, deadline: 100ms }"
private let budget = "  - { gate: p28-budget, mode: enforce }"
private let account = "quantum:governor:account:position:BTCUSDT"

/// One event on a running host, and the alerts that it must raise.
struct AlertScene: Sendable, CustomTestStringConvertible {
    let alerts: [String]
    var gates = "  - { gate: alpha, mode: enforce }"
    var sections = ""
    var pace = Scrape.Pace.once
    /// What is there before the host starts.
    var prepare: @Sendable (RedisFixture) throws -> Void = { _ in }
    /// Brings the event about, and returns once it shows in the metrics.
    let event: @Sendable (RedisFixture, HostFixture) async throws -> Void

    var testDescription: String { alerts.joined(separator: ", ") }

    static let all = plans + group

    /// Events of single plans and of one host.
    private static let plans: [AlertScene] = [
        AlertScene(
            alerts: ["GateHostFailsClosed"], gates: "  - { gate: alpha, mode: enforce, on_failure: deny }",
            prepare: { try $0.publishPosition("0") }
        ) { try await $0.decide([("ask-alpha", "abstain")], $1) },
        // Without a position the plan is granted capped: it cannot open either.
        AlertScene(
            alerts: ["GateHostFailsClosed"], gates: "  - { gate: alpha, mode: enforce, on_failure: deny }"
        ) { try await $0.decide([("ask-alpha", "abstain")], $1) },
        AlertScene(alerts: ["GateHostFailsOpen", "GateHostMostlyFailsOpen"], pace: .goesOn) {
            try await $0.decide([("ask-alpha", "abstain")], $1)
        },
        AlertScene(alerts: ["GateHostGateError"]) { try await $0.decide([("ask-alpha", "throw")], $1) },
        AlertScene(alerts: ["GateHostDeadLetters"]) { redis, host in
            try redis.publish([[("decision", "EXECUTE"), ("symbol", "BTCUSDT")]], to: RedisFixture.planStream)
            try await shows(host, #"gatehost_dead_letters_total{reason="missing_plan_id"} 1"#)
        },
        AlertScene(
            alerts: ["GateHostEntriesTrimmed"],
            sections: "intake: { claim_after: 1s, claim_interval: 100ms }"
        ) { redis, host in
            try redis.leavePending(1)
            try redis.command("XTRIM", RedisFixture.planStream, "MAXLEN", "0")
            try await shows(host, #"gatehost_dead_letters_total{reason="entry_trimmed"} 1"#)
        },
        AlertScene(
            alerts: ["GateHostGateFault", "GateHostGateLatched"], gates: faulty,
            sections: "containment: { crash_limit: 1 }"
        ) { redis, host in
            try await redis.decide([("ask-faulty", "hang")], host)
            try await shows(host, #"gatehost_gate_breaker_state{gate="faulty"} 3"#)
            FaultyGate.release.signal()
        },
        AlertScene(alerts: ["GateHostGateBreakerOpen"], gates: faulty) { redis, host in
            for _ in 0..<6 { try await redis.decide([("ask-faulty", "throw")], host) }
            try await shows(host, #"gatehost_gate_breaker_state{gate="faulty"} 2"#)
        },
        AlertScene(
            alerts: ["GateHostGateAlarm"], sections: "containment: { alarm_window: 1s, alarm_minimum: 10 }"
        ) { redis, host in
            try await eventually("the alarm") {
                for _ in 0..<5 { try await redis.decide([("ask-alpha", "abstain")], host) }
                return host.metrics.contains(#"gatehost_gate_alarm{gate="alpha"} 1"#)
            }
        },
        AlertScene(
            alerts: ["GateHostNoDecisions", "GateHostPendingEntries"],
            sections: "intake: { claim_after: 1h, claim_interval: 100ms }"
        ) { redis, host in
            try redis.leavePending(129)
            try await shows(host, #"gatehost_pending_entries{stream="\#(RedisFixture.planStream)"} 129"#)
        },
        AlertScene(
            alerts: ["GateHostBacklog"], gates: "  - { gate: faulty, mode: enforce, deadline: 1s }",
            sections: "containment: { decision_deadline: 2s }\nintake: { batch: 1, claim_interval: 100ms }"
        ) { redis, host in
            try redis.publish(
                (0..<250).map { Plans.open("slow-\($0)") + [("ask-faulty", "sleep")] }, to: RedisFixture.planStream)
            try await eventually("the backlog") {
                host.metrics.contains(/gatehost_undelivered_entries\{[^}]*\} (1[3-9]|2)\d/)
            }
        },
        AlertScene(alerts: ["GateHostDecisionsSlow"], pace: .goesOn) { redis, host in
            let time = try redis.command("TIME").element(0)?.text.flatMap { Int($0) } ?? 0
            let fields = Plans.open("late").flatMap { [$0.name, $0.value] }
            try redis.send(["XADD", RedisFixture.planStream, "\((time - 5) * 1_000)-1"] + fields)
            try await shows(host, "gatehost_decision_latency_seconds_count 1")
        },
        AlertScene(alerts: ["GateHostRedisAway", "GateHostSessionsLost"]) { redis, host in
            try await eventually("lost sessions", within: 60) {
                // A session that works resets the back-off.
                if host.status.current == .ready { try redis.command("CLIENT", "KILL", "TYPE", "normal") }
                try await Task.sleep(for: .milliseconds(20))
                return host.metrics.contains(/gatehost_redis_sessions_lost_total ([1-9]\d)\n/)
            }
        },
        AlertScene(
            alerts: ["GateHostAccountsDamaged"], gates: budget,
            prepare: { redis in
                try redis.setBudget("1000")
                try redis.command("HSET", account, "t:0", "garbage", "x", "garbage")
            }
        ) { redis, host in
            try await redis.decide([], host)
            try await eventually("damage") { host.metrics.contains(/gatehost_accounts_damaged_total [1-9]/) }
        },
        AlertScene(
            alerts: ["GateHostEventsFailed"], gates: budget,
            prepare: { redis in
                try redis.setBudget("1")
                try redis.command("SET", "quantum:stream:budget.violation", "no stream")
            }
        ) { redis, host in
            try await redis.decide([], host)
            try await eventually("refused events") { host.metrics.contains(/gatehost_events_failed_total [1-9]/) }
        },
        AlertScene(alerts: ["GateHostUnclearReports"], gates: budget) { redis, host in
            try redis.command("XADD", "quantum:stream:apply.result", "*", "plan_id", "a", "symbol", "BTCUSDT")
            try await shows(host, "gatehost_unclear_reports_total 1")
        },
    ]
}

func shows(_ host: HostFixture, _ line: String) async throws {
    try await eventually(line) { host.metrics.contains(line + "\n") }
}

extension RedisFixture {
    /// Publishes a plan with further fields and waits until the host's metrics count its decision.
    func decide(_ more: [(String, String)], _ host: HostFixture) async throws {
        let count = try decisionCount() + 1
        try publish([Plans.open("plan-\(count)") + more.map { (name: $0.0, value: $0.1) }], to: Self.planStream)
        // The size of a batch is the first of a decision's metrics, its gates' durations are the last.
        try await eventually("the metrics") {
            host.metrics.matches(of: /gatehost_gate_duration_seconds_count\{[^}]*\} (\d+)/)
                .allSatisfy { (Int($0.1) ?? 0) >= count }
        }
    }

    /// Publishes entries that a consumer without a host takes and never decides.
    fileprivate func leavePending(_ count: Int) throws {
        for number in 0..<count {
            let fields = Plans.open("pending-\(number)").flatMap { ["'\($0.name)'", "'\($0.value)'"] }.joined(
                separator: ",")
            // One script, so that no host reads the entry first.
            try command(
                "EVAL",
                """
                redis.call('XADD', KEYS[1], '*', \(fields))
                redis.call('XREADGROUP', 'GROUP', 'governor', 'dead', 'COUNT', '1', 'STREAMS', KEYS[1], '>')
                """, "1", Self.planStream)
        }
    }

    fileprivate func setBudget(_ amount: String) throws {
        let now = try command("TIME").element(0)?.text ?? "0"
        try command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", amount, "mode", "enforce", "timestamp", now)
    }
}
