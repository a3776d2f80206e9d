import TestSupport

/// Faults in which a gate throws.
enum GateFaults {
    static let all = [throwsRarely, throwsAlways]

    private static let breaker = "gatehost_gate_breaker_state{gate=\"faulty\"}"

    private static let throwsRarely = Fault(
        "gate-throws-rarely", "A gate throws for 1 plan in 100",
        expected: "gate_error on those plans only; the breaker stays closed"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        let count = trial.amount(quick: 2_000, full: 20_000)
        let offset = Int.random(in: 0..<100, using: &trial.generator)
        try stage.decide(count) { $0 % 100 == offset ? "throw" : nil }
        try host.metric(breaker, becomes: 0)
        return try stage.audit(.asked("gate_error"), stopping: [host]).text + "; breaker closed"
    }

    private static let throwsAlways = Fault(
        "gate-throws-always", "A gate throws for every plan, then works again",
        expected:
            "gate_error, then breaker_open; after breaker_pause three good probes close the breaker"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        let faulty = 500
        try stage.decide(faulty) { _ in "throw" }
        try host.metric(breaker, becomes: 2)
        // The fault has ended. The next plans find the breaker open, probe the gate, and close the breaker.
        let mended = ContinuousClock.now
        while host.metric(breaker) != 0 {
            try expect(ContinuousClock.now - mended < .seconds(20), "the breaker does not close")
            try stage.decide(5)
            rest(.milliseconds(50))
        }
        let closed = stage.published
        try stage.decide(500)
        let explanation = Explanation(
            required: { _ in [] },
            allowed: { plan in
                if plan.ask != nil { return ["faulty:gate_error", "faulty:breaker_open"] }
                return plan.number < closed ? ["faulty:breaker_open"] : []
            })
        let audit = try stage.audit(explanation, stopping: [host])
        try expect(
            audit.failedOpen["faulty:gate_error"] ?? 0 >= 5, "only \(audit.failedOpen) before the breaker opened")
        return audit.text + "; breaker closed again, 500 plans later without fail-open"
    }
}
