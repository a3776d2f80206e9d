/// The cost of permits in flight: several hosts that share the accounts, and many live grants.
extension Benchmark {
    /// Hosts take turns of thousands of plans, and a short run would measure their start.
    private static let sharedPlansFactor = 8

    func hosts() throws -> [HostsSummary] {
        let host = try programs.contender("gatehost")
        var rounds: [Int: [ThroughputRound]] = [:]
        for round in 0..<settings.rounds {
            for count in round.isMultiple(of: 2) ? settings.hosts : settings.hosts.reversed() {
                let result = try measured("\(count) hosts", round, settings.rounds) {
                    var scenario = try scenario(plans: Self.sharedPlansFactor * settings.plans)
                    scenario.hosts = count
                    return try ThroughputRound(host, scenario)
                }
                rounds[count, default: []].append(result)
                note("\(count) hosts: \(Report.number(result.decisionsPerSecond)) decisions/s")
            }
        }
        let baseline = settings.hosts.min().flatMap { rounds[$0] } ?? []
        return settings.hosts.compactMap { HostsSummary(hosts: $0, rounds[$0] ?? [], baseline: baseline) }
    }

    func grants() throws -> [GrantsSummary] {
        let host = try programs.contender("gatehost")
        let most = settings.grants.max() ?? 0
        var rounds: [Int: [GrantsRound]] = [:]
        for round in 0..<settings.grantsRounds {
            for count in round.isMultiple(of: 2) ? settings.grants : settings.grants.reversed() {
                let result = try measured("\(count) live grants", round, settings.grantsRounds) {
                    try GrantsRound(
                        host, grants: count, of: most, scenario(plans: settings.sweepPlans))
                }
                rounds[count, default: []].append(result)
                note("\(count) live grants: \(Report.number(result.throughput)) decisions/s")
            }
        }
        let baseline = settings.grants.min().flatMap { rounds[$0] } ?? []
        return settings.grants.compactMap { GrantsSummary(grants: $0, rounds[$0] ?? [], baseline: baseline) }
    }
}
