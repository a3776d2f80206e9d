import Foundation

/// Runs all rounds. The contenders take turns, so that other work on the machine affects all of them alike.
struct Benchmark {
    let settings: Settings
    let programs: Programs
    let throughputContenders: [any Contender]
    let latencyContenders: [any Contender]
    let deadline: MonotonicTime

    func run() throws -> Report {
        let start = MonotonicTime.now()
        var report = Report(machine: try Machine(), settings: settings)
        for part in Part.allCases where settings.parts.contains(part) {
            switch part {
            case .throughput: report.throughput = try throughput()
            case .latency: (report.curve, report.capacity) = try latency()
            case .sweeps: report.sweeps = try sweeps()
            case .hosts: report.hosts = try hosts()
            case .grants: report.grants = try grants()
            case .allocations: report.allocations = try allocations()
            case .soak: report.soak = try soak()
            }
        }
        report.seconds = Double(MonotonicTime.now().nanoseconds(since: start)) / 1e9
        return report
    }

    private func throughput() throws -> [ThroughputSummary] {
        let scenario = try scenario(plans: settings.plans)
        var rounds: [String: [ThroughputRound]] = [:]
        try interleaved(settings.rounds, throughputContenders) { contender in
            var scenario = scenario
            scenario.plans = max(200, Int(Double(scenario.plans) * contender.share))
            let round = try ThroughputRound(contender, scenario)
            rounds[contender.name, default: []].append(round)
            return "\(Report.number(round.decisionsPerSecond)) decisions/s"
        }
        let baseline = Self.baseline(throughputContenders)
        return throughputContenders.compactMap {
            ThroughputSummary(rounds[$0.name] ?? [], baseline: rounds[baseline] ?? [], host: rounds["gatehost"])
        }
    }

    private func sweeps() throws -> [SweepSummary] {
        let host = try programs.contender("gatehost")
        // All points of a sweep are of the same program.
        let manyGates = settings.sweeps.contains(.gates) ? try programs.sweepContender() : host
        let base = try scenario(plans: settings.sweepPlans)
        let points = settings.sweeps.flatMap { sweep in sweep.values.map { (sweep, $0) } }
        var rounds: [Sweep: [Int: [ThroughputRound]]] = [:]
        for round in 0..<settings.sweepRounds {
            for (sweep, value) in round.isMultiple(of: 2) ? points : points.reversed() {
                let result = try measured("sweep over \(sweep.rawValue), \(value)", round, settings.sweepRounds) {
                    try ThroughputRound(sweep == .gates ? manyGates : host, sweep.scenario(value, from: base))
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
            try ThroughputRound(programs.countedHost(), scenario(plans: settings.plans), countingAllocations: true)
        }
        return AllocationSummary(
            plans: settings.plans, perPlan: round.allocationsPerPlan ?? 0,
            bytesPerPlan: round.allocatedBytesPerPlan ?? 0)
    }

    private func soak() throws -> SoakRound {
        note("soak: \(Report.number(Double(settings.soakPlans))) plans")
        return try measured("soak", 0, 1) {
            try SoakRound(
                programs.contender("gatehost"), plans: settings.soakPlans, scenario(plans: settings.soakPlans))
        }
    }

    func scenario(plans: Int) throws -> Scenario {
        settings.scenario(
            plans: plans, executionProgram: settings.execution == nil ? "" : try programs.executionProgram())
    }

    /// The name of the contender that the others are compared with: the floor, or else the first.
    static func baseline(_ contenders: [any Contender]) -> String {
        let names = contenders.map(\.name)
        return names.first { $0 == "floor" } ?? names.first ?? ""
    }

    /// The contender that goes first changes from round to round.
    func interleaved(_ rounds: Int, _ contenders: [any Contender], _ body: (any Contender) throws -> String) throws {
        for round in 0..<rounds {
            for contender in round.isMultiple(of: 2) ? contenders : contenders.reversed() {
                let text = try measured(contender.name, round, rounds) { try body(contender) }
                note("round \(round + 1)/\(rounds) \(contender.name): \(text)")
            }
        }
    }

    func measured<Result>(_ what: String, _ round: Int, _ rounds: Int, _ body: () throws -> Result) throws -> Result {
        guard MonotonicTime.now() < deadline else {
            throw BenchError("the time limit has passed before round \(round + 1) of \(rounds), \(what)")
        }
        do {
            return try body()
        } catch {
            throw BenchError("round \(round + 1), \(what): \(error)")
        }
    }

    func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
