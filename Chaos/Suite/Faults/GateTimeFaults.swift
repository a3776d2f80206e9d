import TestSupport

/// Faults in which a gate is late or never returns.
enum GateTimeFaults {
    static let all =
        [
            late("sleep-20ms", "sleeps for 20 ms"), late("burn-20ms", "computes for 20 ms"),
            endless("hang", "sleeps for ever"),
            endless("spin", "computes for ever"),
            endless("hang-in-request", "sleeps for ever while it requests its records"), latched, replaced, atStop,
        ]

    private static let breaker = "gatehost_gate_breaker_state{gate=\"faulty\"}"
    private static let abandoned = "gatehost_abandoned_threads"

    private static func late(_ ask: String, _ what: String) -> Fault {
        Fault(
            "gate-\(ask)", "A gate with a deadline of 5 ms \(what), for 1 plan in 50",
            expected: "gate_deadline on those plans only; no thread is abandoned"
        ) { trial in
            let stage = try Stage(trial)
            let host = try stage.startHost()
            try stage.decide(trial.amount(quick: 500, full: 2_000)) { $0 % 50 == 7 ? ask : nil }
            try host.metric("gatehost_gate_hangs_total{gate=\"faulty\"}", becomes: 0)
            return try stage.audit(.asked("gate_deadline"), stopping: [host]).text
        }
    }

    private static func endless(_ ask: String, _ what: String) -> Fault {
        Fault(
            "gate-\(ask)", "A gate \(what), once",
            expected:
                "its thread is abandoned and replaced; gate_deadline on that plan only; the next plan takes at most 1 s"
        ) { trial in
            let stage = try Stage(trial)
            let host = try stage.startHost()
            try stage.decide(100)
            try stage.publish(200) { $0 == 150 ? ask : nil }
            let start = ContinuousClock.now
            try stage.waitForDecisions(stage.published, upTo: .seconds(5))
            let delay = ContinuousClock.now - start
            try expect(delay < .seconds(1), "the plans behind it were decided only after \(delay.text)")
            try host.metric(abandoned, becomes: 1)
            try stage.decide(1_000)
            return try stage.audit(.asked("gate_deadline"), stopping: [host]).text
                + "; all behind it decided after \(delay.text); SIGTERM still ends the host"
        }
    }

    private static let latched = Fault(
        "gate-hangs-thrice", "A gate hangs three times (crash_limit), then POST /gates/faulty/reset",
        expected:
            "gate_deadline on those plans, then breaker_open on every plan until the reset, and on none after it"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        try stage.decide(300) { $0 % 100 == 50 ? "hang" : nil }
        try host.metric(breaker, becomes: 3)
        try stage.decide(200)
        let ready = host.admin.get("/health/ready")
        let isTold = ready?.status == 200 && ready?.body.contains(#""gate":"faulty","breaker":"latched""#) == true
        try expect(isTold, "/health/ready says \(ready?.body ?? "nothing")")
        let latched = 300..<stage.published
        try host.reset("faulty")
        try host.metric(breaker, becomes: 0)
        try stage.decide(200)
        let explanation = Explanation(
            required: { plan in
                if plan.ask != nil { return ["faulty:gate_deadline"] }
                return latched.contains(plan.number) ? ["faulty:breaker_open"] : []
            },
            // The third hang latches the gate. The rest of its batch and the plans behind it are then judged without
            // the gate.
            allowed: { plan in plan.ask == nil && (200..<300).contains(plan.number) ? ["faulty:breaker_open"] : [] })
        return try stage.audit(explanation, stopping: [host]).text + "; latched, reported by /health/ready, reset"
    }

    private static let replaced = Fault(
        "gate-hangs-long", "A gate hangs for ever",
        expected:
            "after 10 s the worker stops cleanly and is replaced (gatehost_restarts 1); all plans are decided"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        try stage.decide(100) { $0 == 50 ? "spin" : nil }
        let start = ContinuousClock.now
        while host.metric("gatehost_restarts") != 1 {
            try expect(ContinuousClock.now - start < .seconds(20), "the worker was not replaced")
            try stage.decide(10)
            rest(.milliseconds(50))
        }
        let delay = ContinuousClock.now - start
        try host.waitUntilReady()
        try host.metric(abandoned, becomes: 0)
        try stage.decide(100)
        return try stage.audit(.asked("gate_deadline"), stopping: [host]).text + "; replaced after \(delay.text)"
    }

    private static let atStop = Fault(
        "gate-hangs-at-stop", "SIGTERM comes while a gate hangs",
        expected: "the host stops with status 0; the next host decides the remaining plans"
    ) { trial in
        let stage = try Stage(trial)
        let rounds = trial.amount(quick: 2, full: 10)
        var longest: Duration = .zero
        for _ in 0..<rounds {
            let host = try stage.startHost()
            let culprit = stage.published + 60
            try stage.publish(100) { $0 == culprit ? "hang" : nil }
            rest(.milliseconds(Int.random(in: 0...150, using: &trial.generator)))
            let start = ContinuousClock.now
            try host.stop()
            longest = max(longest, ContinuousClock.now - start)
            let next = try stage.startHost()
            try stage.waitForDecisions(stage.published)
            try next.stop()
        }
        let audit = try stage.audit(.asked("gate_deadline"), stopping: [])
        return "\(rounds) stops, the longest took \(longest.text); " + audit.text
    }
}
