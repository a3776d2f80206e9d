import Foundation

/// Runs all rounds. The contenders take turns, so that other work on the machine affects all of them alike.
struct Benchmark {
    let settings: Settings
    let programs: Programs
    /// The others are compared with the first one.
    let throughputContenders: [any Contender]
    let latencyContenders: [any Contender]
    let deadline: MonotonicTime

    func run() throws -> Report {
        let start = MonotonicTime.now()
        var report = Report(machine: try Machine(), settings: settings)
        for part in Part.allCases where settings.parts.contains(part) {
            switch part {
            case .throughput: report.throughput = try throughput()
            case .latency: (report.sustained, report.latency) = try latency()
            case .sweeps: report.sweeps = try sweeps()
            case .allocations: report.allocations = try allocations()
            case .soak: report.soak = try soak()
            }
        }
        report.seconds = Double(MonotonicTime.now().nanoseconds(since: start)) / 1e9
        return report
    }

    private func throughput() throws -> [ThroughputSummary] {
        let scenario = settings.scenario
        var rounds: [String: [ThroughputRound]] = [:]
        try interleaved(settings.rounds, throughputContenders) { contender in
            var scenario = scenario
            scenario.plans = max(200, Int(Double(scenario.plans) * contender.share))
            let round = try ThroughputRound(contender, scenario)
            rounds[contender.name, default: []].append(round)
            return "\(Report.number(round.decisionsPerSecond)) decisions/s"
        }
        let baseline = throughputContenders.first.flatMap { rounds[$0.name] } ?? []
        return throughputContenders.compactMap {
            ThroughputSummary(rounds[$0.name] ?? [], baseline: baseline, host: rounds["gatehost"])
        }
    }

    private func latency() throws -> ([SustainedSummary], [LatencySummary]) {
        var sustained: [String: [Double]] = [:]
        if settings.loadPercent > 0 {
            try interleaved(settings.rounds, latencyContenders) { contender in
                let round = try SustainedRound(contender, settings.scenario)
                sustained[contender.name, default: []].append(round.plansPerSecond)
                return "sustains \(Report.number(round.plansPerSecond)) plans/s"
            }
        }
        let summaries = latencyContenders.compactMap {
            SustainedSummary(contender: $0.name, plansPerSecond: sustained[$0.name] ?? [])
        }
        let loads =
            settings.rates.map(Load.rate) + (settings.loadPercent > 0 ? [Load.percent(settings.loadPercent)] : [])
        var rounds: [Load: [String: [LatencyRound]]] = [:]
        try interleaved(settings.rounds, latencyContenders) { contender in
            for load in loads {
                let maximum = summaries.first { $0.contender == contender.name }?.plansPerSecond.median ?? 0
                let round = try LatencyRound(
                    contender, rate: load.rate(maximum: maximum), seconds: settings.seconds, settings.scenario)
                rounds[load, default: [:]][contender.name, default: []].append(round)
            }
            return "latency measured"
        }
        let baseline = latencyContenders.first?.name ?? ""
        return (
            summaries,
            loads.flatMap { load in
                latencyContenders.compactMap {
                    LatencySummary(load, rounds[load]?[$0.name] ?? [], baseline: rounds[load]?[baseline] ?? [])
                }
            }
        )
    }

    private func sweeps() throws -> [SweepSummary] {
        let host = try programs.contender("gatehost")
        // All points of a sweep are of the same program.
        let manyGates = settings.sweeps.contains(.gates) ? try programs.sweepContender() : host
        let points = settings.sweeps.flatMap { sweep in sweep.values.map { (sweep, $0) } }
        var rounds: [Sweep: [Int: [ThroughputRound]]] = [:]
        for round in 0..<settings.sweepRounds {
            for (sweep, value) in round.isMultiple(of: 2) ? points : points.reversed() {
                let result = try measured("sweep over \(sweep.rawValue), \(value)", round, settings.sweepRounds) {
                    try ThroughputRound(
                        sweep == .gates ? manyGates : host, sweep.scenario(value, from: settings.sweepScenario))
                }
                rounds[sweep, default: [:]][value, default: []].append(result)
                note("\(sweep.rawValue) \(value): \(Report.number(result.decisionsPerSecond)) decisions/s")
            }
        }
        return settings.sweeps.map { sweep in
            SweepSummary(
                sweep: sweep, points: sweep.values.compactMap { SweepPoint(value: $0, rounds[sweep]?[$0] ?? []) })
        }
    }

    private func allocations() throws -> AllocationSummary {
        let round = try measured("allocations", 0, 1) {
            try ThroughputRound(programs.countedHost(), settings.scenario, countingAllocations: true)
        }
        return AllocationSummary(
            plans: settings.plans, perPlan: round.allocationsPerPlan ?? 0,
            bytesPerPlan: round.allocatedBytesPerPlan ?? 0)
    }

    private func soak() throws -> SoakRound {
        note("soak: \(Report.number(Double(settings.soakPlans))) plans")
        return try measured("soak", 0, 1) {
            try SoakRound(programs.contender("gatehost"), plans: settings.soakPlans, settings.scenario)
        }
    }

    /// The contender that goes first changes from round to round.
    private func interleaved(_ rounds: Int, _ contenders: [any Contender], _ body: (any Contender) throws -> String)
        throws
    {
        for round in 0..<rounds {
            for contender in round.isMultiple(of: 2) ? contenders : contenders.reversed() {
                let text = try measured(contender.name, round, rounds) { try body(contender) }
                note("round \(round + 1)/\(rounds) \(contender.name): \(text)")
            }
        }
    }

    private func measured<Result>(_ what: String, _ round: Int, _ rounds: Int, _ body: () throws -> Result) throws
        -> Result
    {
        guard MonotonicTime.now() < deadline else {
            throw BenchError("the time limit has passed before round \(round + 1) of \(rounds), \(what)")
        }
        do {
            return try body()
        } catch {
            throw BenchError("round \(round + 1), \(what): \(error)")
        }
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
