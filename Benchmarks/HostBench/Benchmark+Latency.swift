/// Latency against load, and the capacity.
extension Benchmark {
    /// A rate that leaves a plan undecided for so long is far beyond the knee.
    private static let curvePatience: Duration = .seconds(1)
    /// Enough to know that more than a hundredth of a probe's plans were late.
    private static let probePatience: Duration = .milliseconds(250)

    func latency() throws -> ([CurvePoint], [CapacitySummary]) {
        var curves: [String: [[LoadPoint]]] = [:]
        var capacities: [String: [CapacityRound]] = [:]
        try interleaved(settings.load.rounds, latencyContenders) { contender in
            let points = try curve(contender)
            curves[contender.name, default: []].append(points)
            guard settings.load.steps > 0 else { return "latency measured" }
            let round = try capacity(contender, points)
            capacities[contender.name, default: []].append(round)
            return "sustains \(Report.number(Double(round.plansPerSecond))) plans/s"
        }
        let baseline = Self.baseline(latencyContenders)
        return (
            settings.load.rates.flatMap { rate in
                latencyContenders.compactMap {
                    CurvePoint(
                        $0.name, rate: rate, curves[$0.name] ?? [],
                        baseline: $0.name == baseline ? nil : curves[baseline])
                }
            },
            latencyContenders.compactMap {
                CapacitySummary($0.name, capacities[$0.name] ?? [], baseline: capacities[baseline] ?? [])
            }
        )
    }

    /// Ends at the knee: behind the first rate that was given up, or whose p50 exceeds the limit.
    private func curve(_ contender: any Contender) throws -> [LoadPoint] {
        let load = settings.load
        let plans = load.rates.map { OpenLoop.plans(rate: $0, seconds: load.seconds) }.reduce(0, +)
        var loop = try OpenLoop(
            contender, seconds: load.seconds, patience: Self.curvePatience, plans: plans, scenario(plans: plans))
        var points: [LoadPoint] = []
        for rate in load.rates {
            let point = try loop.measure(rate: rate)
            points.append(point)
            guard point.isComplete, point.percentiles.p50Microseconds < load.limit / .microseconds(1) else { break }
        }
        try loop.finish()
        return points
    }

    private func capacity(_ contender: any Contender, _ curve: [LoadPoint]) throws -> CapacityRound {
        let load = settings.load
        var probes: [CapacityRound.Probe] = []
        let search = CapacitySearch(steps: load.steps)
        let rate = try search.capacity(
            curve.map { ($0.rate, $0.keeps(p99Below: load.limit)) }, highest: LoadSettings.highestRate
        ) { rate in
            let plans = OpenLoop.plans(rate: rate, seconds: load.seconds)
            var loop = try OpenLoop(
                contender, seconds: load.seconds, patience: Self.probePatience, plans: plans, scenario(plans: plans))
            let point = try loop.measure(rate: rate)
            try loop.finish()
            let isSustained = point.keeps(p99Below: load.limit)
            probes.append(CapacityRound.Probe(rate: rate, isSustained: isSustained, percentiles: point.percentiles))
            return isSustained
        }
        return CapacityRound(plansPerSecond: rate ?? 0, probes: probes)
    }
}
