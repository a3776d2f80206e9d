import Foundation

/// Runs all rounds, contenders taking turns, so that whatever else the machine does meanwhile falls on all of them.
struct Benchmark {
    let settings: Settings
    let contenders: [any Contender]
    let timeLimit: Duration

    func run() throws -> Report {
        let machine = try Machine()
        let deadline = MonotonicTime.now() + timeLimit
        var throughput: [String: [ThroughputRound]] = [:]
        var latency: [String: [Int: [LatencyRound]]] = [:]
        for round in 0..<settings.rounds {
            // Who goes first changes from round to round.
            for contender in round.isMultiple(of: 2) ? contenders : contenders.reversed() {
                if settings.plans > 0 {
                    let result = try measured(contender, round, deadline) { try ThroughputRound(contender, settings) }
                    throughput[contender.name, default: []].append(result)
                    note("round \(round + 1)/\(settings.rounds) \(contender.name): \(Report.number(result.decisionsPerSecond)) decisions/s")
                }
                for rate in settings.rates {
                    let result = try measured(contender, round, deadline) { try LatencyRound(contender, rate: rate, settings) }
                    latency[contender.name, default: [:]][rate, default: []].append(result)
                    note("round \(round + 1)/\(settings.rounds) \(contender.name): latency at \(rate) plans/s measured")
                }
            }
        }
        let baseline = contenders.first.flatMap { throughput[$0.name] } ?? []
        return Report(
            machine: machine, settings: settings,
            throughput: contenders.compactMap { ThroughputSummary(throughput[$0.name] ?? [], baseline: baseline) },
            latency: settings.rates.flatMap { rate in
                contenders.compactMap { LatencySummary(contender: $0.name, rate: rate, rounds: latency[$0.name]?[rate] ?? []) }
            })
    }

    private func measured<Result>(_ contender: any Contender, _ round: Int, _ deadline: MonotonicTime, _ body: () throws -> Result) throws -> Result {
        guard MonotonicTime.now() < deadline else {
            throw BenchError("the time limit of \(timeLimit) has passed in round \(round + 1) of \(settings.rounds)")
        }
        do {
            return try body()
        } catch {
            throw BenchError("round \(round + 1), \(contender.name): \(error)")
        }
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
