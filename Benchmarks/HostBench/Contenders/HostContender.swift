import Foundation

/// `gatehost run --unsupervised` with all of its gates in enforce mode.
struct HostContender: Contender {
    let name = "gatehost"
    let program: String
    /// A library that counts the program's allocations; preloaded if set.
    var allocationCounter: String?

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        let deployment = stage.folder.appending(path: "deployment-\(number).yaml")
        try Data(text(stage, scenario).utf8).write(to: deployment)
        let preload =
            allocationCounter.map {
                ["env", "LD_PRELOAD=\($0)", "ALLOCATION_COUNTER_FILE=\(AllocationCounts.file(stage))"]
            } ?? []
        // Without a supervisor, so that the measurement covers the host's process only.
        return preload + [program, "run", "--unsupervised", "--config", deployment.path]
    }

    /// The deployment file. The budget gate reserves nothing, because no execution layer reports the outcomes of
    /// permitted plans here.
    private func text(_ stage: Stage, _ scenario: Scenario) -> String {
        let lifetimes =
            scenario.answersTTLSeconds.map { "  permit_ttl: \($0)s\n  block_ttl: \($0)s\n  outcome_ttl: \($0)s\n" }
            ?? ""
        let caps = "abcdefghijklmn".prefix(scenario.gates - 2).map { "  - gate: order-cap-\($0)\n    mode: enforce\n" }
            .joined()
        return """
            redis:
              url: unix://\(stage.socketPath)
            intake:
              stream: \(Wire.plans)
              group: \(Wire.group)
              start: beginning
              batch: \(scenario.batch)
              block: 250ms
            answers:
              decision_stream: \(Wire.decisions)
              decision_max_length: \(scenario.decisionMaxLength)
            \(lifetimes)first_gate: p28-budget
            gates:
              - gate: p28-budget
                mode: enforce
                settings: { reserve: false }
              - gate: heat
                mode: enforce
            \(caps)
            """
    }
}
