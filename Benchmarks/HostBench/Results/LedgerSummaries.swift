/// So many hosts in one group.
struct HostsSummary: Codable {
    let hosts: Int
    let decisionsPerSecond: Spread
    /// The ratio to the smallest number of hosts, round by round.
    let ratio: Spread
    let hostMicrosecondsPerPlan: Spread
    let redisMicrosecondsPerPlan: Spread
    let judgedAgain: Spread
    let rounds: [ThroughputRound]

    init?(hosts: Int, _ rounds: [ThroughputRound], baseline: [ThroughputRound]) {
        guard let rate = Spread(rounds.map(\.decisionsPerSecond)),
            let ratio = Spread(rounds, baseline, \.decisionsPerSecond),
            let host = Spread(rounds.map(\.contenderMicrosecondsPerPlan)),
            let redis = Spread(rounds.map(\.redisMicrosecondsPerPlan)),
            let again = Spread(rounds.map { $0.judgedAgain?.share ?? 0 })
        else { return nil }
        self.hosts = hosts
        decisionsPerSecond = rate
        self.ratio = ratio
        hostMicrosecondsPerPlan = host
        redisMicrosecondsPerPlan = redis
        judgedAgain = again
        self.rounds = rounds
    }
}

/// So many live grants on one symbol.
struct GrantsSummary: Codable {
    let grants: Int
    let decisionsPerSecond: Spread
    let loneP50Microseconds: Spread
    /// Ratios to the smallest number of grants, round by round.
    let throughputRatio: Spread
    let loneRatio: Spread
    let longestCommandMicroseconds: Spread
    let rounds: [GrantsRound]

    init?(grants: Int, _ rounds: [GrantsRound], baseline: [GrantsRound]) {
        guard let rate = Spread(rounds.map(\.throughput)), let lone = Spread(rounds.map(\.loneP50Microseconds)),
            let throughputRatio = Spread(rounds, baseline, \.throughput),
            let loneRatio = Spread(rounds, baseline, \.loneP50Microseconds),
            let longest = Spread(rounds.map { $0.commands.longest?.longestMicroseconds ?? 0 })
        else { return nil }
        self.grants = grants
        decisionsPerSecond = rate
        loneP50Microseconds = lone
        self.throughputRatio = throughputRatio
        self.loneRatio = loneRatio
        longestCommandMicroseconds = longest
        self.rounds = rounds
    }

    /// The longest command of all rounds.
    var longestCommand: CommandTimes.Command? {
        rounds.compactMap(\.commands.longest).max { $0.longestMicroseconds < $1.longestMicroseconds }
    }
}
