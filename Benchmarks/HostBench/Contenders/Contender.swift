import Foundation

/// A program that turns plans into decisions: what the bench measures.
protocol Contender {
    /// In the report and in `--contenders`.
    var name: String { get }

    /// Of the plans of a throughput round, how many it gets: a slow contender needs fewer for as exact a rate.
    var share: Double { get }

    /// The program and its arguments; files that it needs are written into the stage's folder. `number` tells the hosts
    /// of one group apart.
    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String]
}

extension Contender {
    var share: Double { 1 }
}

/// The options that all contenders but the host share.
func commonOptions(_ stage: Stage, _ scenario: Scenario, consumer: String, batch: Int) -> [String] {
    [
        "--socket", stage.socketPath, "--stream", Wire.plans, "--group", Wire.group, "--consumer", consumer, "--batch",
        "\(batch)",
        "--decision-max-length", "\(scenario.decisionMaxLength)",
    ]
}
