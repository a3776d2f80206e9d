import Foundation

/// `gatehost run --unsupervised` with the shipped deployment file, and all of its gates in enforce mode.
struct HostContender: Contender {
    let name: String
    let program: String
    let deployment: ShippedDeployment
    /// Whether permits hold their shares of the limits, as they do by default.
    var reserves = true
    /// A library that counts the program's allocations; preloaded if set.
    var allocationCounter: String?

    var servesMetrics: Bool { true }

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        let file = stage.folder.appending(path: "deployment-\(number).yaml")
        try Data(text(stage, scenario).utf8).write(to: file)
        let preload =
            allocationCounter.map {
                ["env", "LD_PRELOAD=\($0)", "ALLOCATION_COUNTER_FILE=\(AllocationCounts.file(stage))"]
            } ?? []
        // Without a supervisor, so that the measurement covers the host's process only.
        return preload + [program, "run", "--unsupervised", "--config", file.path]
    }

    /// The gates' modes cost nothing, but only enforced gates give the workload's outcomes.
    private func text(_ stage: Stage, _ scenario: Scenario) throws -> String {
        var deployment = deployment
        try deployment.set("url", "unix://\(stage.socketPath)")
        try deployment.set("batch", scenario.batch)
        try deployment.set("decision_max_length", scenario.decisionMaxLength)
        try deployment.set("mode", "enforce")
        if !reserves { try deployment.set("reserve", false) }
        if let seconds = scenario.answersTTLSeconds {
            for key in ["permit_ttl", "block_ttl", "outcome_ttl"] { try deployment.set(key, "\(seconds)s") }
        }
        deployment.append(
            gates: "abcdefghijklm".prefix(max(0, scenario.gates - Scenario.shippedGates)).map { "order-cap-\($0)" })
        return deployment.text
    }
}
