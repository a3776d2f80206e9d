import TestSupport

/// Faults in which a host's wall clock jumps.
enum ClockFaults {
    static let all = [
        step("clock-ahead", "1 h ahead", 3_600, "input_stale"),
        step("clock-behind", "1 h back", -3_600, "input_future_dated"), stepping,
    ]

    private static func step(_ name: String, _ summary: String, _ seconds: Int64, _ reason: String) -> Fault {
        Fault(
            name, "The host's wall clock steps \(summary), and back after a while",
            expected:
                "one decision each; budget and heat fail open with \(reason) only while it is wrong; deadlines hold"
        ) { trial in
            let stage = try Stage(trial)
            stage.deployment.maxAge = "300s"
            let clock = try ShiftedClock(trial)
            let host = try stage.startHost(HostUnderTest.Start(environment: clock.environment))
            try stage.decide(200)
            try clock.set(seconds: seconds)
            try stage.decide(200) { $0 == 300 ? "sleep-20ms" : nil }
            try clock.set(seconds: 0)
            try stage.decide(200)
            let explanation = Explanation(required: { plan in
                let ofRecords = (200..<400).contains(plan.number) ? ["p28-budget:\(reason)", "heat:\(reason)"] : []
                return Set(ofRecords + (plan.ask == nil ? [] : ["faulty:gate_deadline"]))
            })
            return try stage.audit(explanation, stopping: [host]).text
        }
    }

    private static let stepping = Fault(
        "clock-steps-under-load", "The wall clock of one of 2 hosts steps 1 h back and forth under load",
        expected:
            "one decision each; no fail-open but input_stale and input_future_dated of gates that read records"
    ) { trial in
        let stage = try Stage(trial)
        stage.deployment.maxAge = "300s"
        let clock = try ShiftedClock(trial)
        let hosts = [try stage.startHost(HostUnderTest.Start(environment: clock.environment)), try stage.startHost()]
        let rounds = trial.amount(quick: 10, full: 60)
        for round in 0..<rounds {
            let before = try stage.decided
            try stage.publish(500)
            try stage.waitForDecisions(before + Int.random(in: 1..<400, using: &trial.generator))
            try clock.set(seconds: [3_600, 0, -3_600, 0][round % 4])
        }
        try clock.set(seconds: 0)
        try stage.waitForDecisions(stage.published)
        let explanation = Explanation(
            required: { _ in [] },
            allowed: { _ in Set(["p28-budget", "heat"].flatMap { ["\($0):input_stale", "\($0):input_future_dated"] }) })
        return "\(rounds) steps; " + (try stage.audit(explanation, stopping: hosts)).text
    }
}
