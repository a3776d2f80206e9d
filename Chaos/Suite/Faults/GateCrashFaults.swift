import Glibc
import TestSupport

/// Faults in which a gate crashes the process.
enum GateCrashFaults {
    static let all = [
        crash("trap", "traps"), crash("trap-index", "reads beyond an array's end"), crash("abort", "aborts"),
        crash("recurse", "overflows its stack"),
        crash("trap-in-request", "traps while it requests its records"),
        crash("trap-in-event", "traps while its event is rendered"), repeatedly, twoHosts,
    ]

    private static let crashes = "gatehost_gate_crashes_total{gate=\"faulty\"}"
    private static let breaker = "gatehost_gate_breaker_state{gate=\"faulty\"}"

    private static func crash(_ ask: String, _ what: String) -> Fault {
        Fault(
            "gate-\(ask)", "A gate \(what), once",
            expected: "the worker is restarted; gate_crash on that plan only; all other plans are judged as usual"
        ) { trial in
            let stage = try Stage(trial)
            let host = try stage.startHost()
            try stage.decide(100)
            let culprit = 100 + Int.random(in: 0..<200, using: &trial.generator)
            let start = ContinuousClock.now
            try stage.decide(200) { $0 == culprit ? ask : nil }
            let delay = ContinuousClock.now - start
            try host.waitUntilReady()
            try host.metric(crashes, becomes: 1)
            try host.metric("gatehost_restarts", becomes: 1)
            try stage.decide(200)
            return try stage.audit(.asked("gate_crash"), stopping: [host]).text
                + "; all decided \(delay.text) after the crash"
        }
    }

    private static let repeatedly = Fault(
        "gate-traps-repeatedly", "A gate traps for 10 plans of 500, then POST /gates/faulty/reset",
        expected:
            "gate_crash on three (crash_limit), then breaker_open until the reset; the other gates judge every plan"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        try stage.decide(500) { $0 % 50 == 25 ? "trap" : nil }
        try host.waitUntilReady()
        try host.metric(breaker, becomes: 3)
        try host.metric("gatehost_restarts", becomes: 3)
        try stage.decide(100)
        let beforeReset = stage.published
        try host.reset("faulty")
        try host.metric(breaker, becomes: 0)
        try stage.decide(300)
        let explanation = Explanation(
            required: { plan in (500..<beforeReset).contains(plan.number) ? ["faulty:breaker_open"] : [] },
            allowed: { plan in
                if plan.ask != nil { return ["faulty:gate_crash", "faulty:breaker_open"] }
                return plan.number < beforeReset ? ["faulty:breaker_open"] : []
            })
        let audit = try stage.audit(explanation, stopping: [host])
        try expect(
            audit.failedOpen["faulty:gate_crash"] == 3,
            "gate_crash on \(audit.failedOpen["faulty:gate_crash"] ?? 0) plans")
        return audit.text + "; 3 restarts, latched, reset"
    }

    private static let twoHosts = Fault(
        "gate-traps-two-hosts", "A gate traps for one plan on 2 hosts",
        expected: "gate_crash on that plan only"
    ) { trial in
        let stage = try Stage(trial)
        let hosts = [try stage.startHost(), try stage.startHost()]
        let rounds = trial.amount(quick: 2, full: 5)
        for _ in 0..<rounds {
            let first = stage.published
            let culprit = first + Int.random(in: 0..<400, using: &trial.generator)
            try stage.decide(400) { $0 == culprit ? "trap" : nil }
            for host in hosts {
                try host.waitUntilReady()
                try host.reset("faulty")
            }
        }
        return try stage.audit(.asked("gate_crash"), stopping: hosts).text
    }
}
