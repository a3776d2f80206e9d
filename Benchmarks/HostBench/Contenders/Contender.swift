import Foundation

/// A program that decides plans, and that the bench measures.
protocol Contender {
    /// The name in the report and in `--contenders`.
    var name: String { get }

    /// The share of a throughput round's plans that it gets. A slow contender needs fewer plans for an equally exact
    /// rate.
    var share: Double { get }

    /// Whether it serves the host's metrics.
    var servesMetrics: Bool { get }

    /// Returns the program and its arguments, and writes the files that it needs into the stage's folder. `number`
    /// distinguishes the hosts of one group.
    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String]
}

extension Contender {
    var share: Double { 1 }
    var servesMetrics: Bool { false }
}

/// The options that all contenders share, except the host.
func commonOptions(_ stage: Stage, _ scenario: Scenario, consumer: String, batch: Int) -> [String] {
    [
        "--socket", stage.socketPath, "--stream", Wire.plans, "--group", Wire.group, "--consumer", consumer, "--batch",
        "\(batch)",
        "--decision-max-length", "\(scenario.decisionMaxLength)",
    ]
}
