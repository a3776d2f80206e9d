/// The settings of one run.
struct Settings: Codable {
    var parts: [Part]
    var rounds: Int
    var plans: Int
    var batch: Int
    var symbols: Int
    /// The execution layer; `nil` if nobody takes the permits.
    var execution: Execution?
    var load: LoadSettings
    var sweeps: [Sweep]
    var sweepRounds: Int
    var sweepPlans: Int
    /// The numbers of hosts in one group.
    var hosts: [Int]
    /// The numbers of live grants.
    var grants: [Int]
    var grantsRounds: Int
    var soakPlans: Int

    func scenario(plans: Int, executionProgram: String) -> Scenario {
        Scenario(
            plans: plans, batch: batch, symbols: symbols, execution: execution, executionProgram: executionProgram)
    }
}

/// The settings of latency against load.
struct LoadSettings: Codable {
    /// Plans per second, ascending.
    var rates: [Int]
    /// The length of the measurement at one rate.
    var seconds: Double
    var rounds: Int
    /// The capacity is the highest rate whose p99 stays below this.
    var limitMilliseconds: Int
    /// The number of halvings in the search for it; 0 leaves it out.
    var steps: Int

    /// No rate is probed beyond this.
    static let highestRate = 200_000

    var limit: Duration { .milliseconds(limitMilliseconds) }
}

/// The parts of a run.
enum Part: String, Codable, CaseIterable {
    case throughput, latency, sweeps, hosts, grants, allocations, soak
}
