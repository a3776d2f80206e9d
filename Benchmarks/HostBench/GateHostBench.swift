import ArgumentParser
import GateHost

@main
struct GateHostBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-bench",
        abstract:
            "Measures `gatehost run` over a real Redis, beside a C program with the same Redis work and no decisions, "
            + "and beside Python consumers.",
        discussion:
            "Exits with 1 unless every plan of every round got exactly one decision, with the workload's outcome."
    )

    @Option(help: "Parts, comma-separated.") var parts = Part.allCases.map(\.rawValue).joined(separator: ",")
    @Option(help: "Number of rounds; contenders take turns in each.") var rounds = 5
    @Option(help: "Number of plans in a throughput round.") var plans = 50_000
    @Option(help: "Largest batch, 1 to 1024 plans.") var batch = 128
    @Option(help: "Number of symbols in the workload.") var symbols = 20
    @Option(help: "Plans per second of the latency rounds, comma-separated.") var rates = "100,1000,10000"
    @Option(help: "Latency at this percentage of each contender's sustained rate too; 0 leaves it out.") var load = 80
    @Option(help: "Length of a latency round, in seconds.") var seconds = 3
    @Option(help: "Sweeps, comma-separated.") var sweeps = Sweep.allCases.map(\.rawValue).joined(separator: ",")
    @Option(help: "Number of rounds for each point of a sweep.") var sweepRounds = 3
    @Option(help: "Number of plans in a round of a sweep.") var sweepPlans = 40_000
    @Option(help: "Number of plans in the soak.") var soak = 1_000_000
    @Option(help: "Contenders, comma-separated; the others are compared with the first.") var contenders =
        "floor,gatehost,python-pipelined,python"
    @Option(help: "Contenders of the latency rounds.") var latencyContenders = "floor,gatehost,echo"
    @Option(help: "The gatehost program; by default beside this program, as the next three are.") var gatehost: String?
    @Option(help: "The gatehost-sweep program: the host with many gates.") var sweepHost: String?
    @Option(help: "The gatehost-floor program.") var floor: String?
    @Option(help: "The gatehost-echo program.") var echo: String?
    @Option(help: "The library that counts allocations; by default the one beside this program.") var allocationCounter:
        String?
    @Option(help: "The folder of the Python consumers.") var python = "Benchmarks/Contenders"
    @Option(help: "Write bench.json and bench.svg into this folder.") var results: String?
    @Option(help: "Exit with 1 instead of starting a round after this many seconds.") var timeLimit = 1_500

    @Flag(help: "Print the commit script, for gatehost-protocols, and exit.") var printScript = false

    func validate() throws {
        let ranges: [(name: String, value: Int, range: ClosedRange<Int>)] = [
            ("rounds", rounds, 1...1_000), ("plans", plans, 1_000...10_000_000), ("batch", batch, 1...1_024),
            ("symbols", symbols, 1...10_000),
            ("load", load, 0...100), ("seconds", seconds, 1...3_600), ("sweep-rounds", sweepRounds, 1...1_000),
            ("sweep-plans", sweepPlans, 1_000...10_000_000),
            ("soak", soak, 1_000...1_000_000_000), ("time-limit", timeLimit, 1...86_400),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        _ = try parsedRates
        _ = try list(parts, of: Part.self, "parts")
        _ = try list(sweeps, of: Sweep.self, "sweeps")
        for (name, text) in [("contenders", contenders), ("latency-contenders", latencyContenders)] {
            let names = text.split(separator: ",")
            guard !names.isEmpty, Set(names).count == names.count else {
                let known = Programs.contenderNames.joined(separator: ", ")
                throw ValidationError("--\(name) must be different names, comma-separated: \(known)")
            }
        }
    }

    private var parsedRates: [Int] {
        get throws {
            try rates.split(separator: ",").map {
                guard let rate = Int($0), (1...100_000).contains(rate) else {
                    throw ValidationError("--rates must be numbers from 1 to 100000, comma-separated")
                }
                return rate
            }
        }
    }

    private func list<Item: RawRepresentable<String> & CaseIterable>(_ text: String, of: Item.Type, _ name: String)
        throws -> [Item]
    {
        try text.split(separator: ",").map {
            guard let item = Item(rawValue: String($0)) else {
                throw ValidationError(
                    "--\(name): \($0) is none of \(Item.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return item
        }
    }

    func run() throws {
        if printScript { return print(CommitScript.source, terminator: "") }
        let programs = try Programs(
            floor: floor, gateHost: gatehost, sweepHost: sweepHost, echo: echo, allocationCounter: allocationCounter,
            python: python)
        let settings = Settings(
            parts: try list(parts, of: Part.self, "parts"), rounds: rounds, plans: plans, batch: batch,
            symbols: symbols, rates: try parsedRates,
            loadPercent: load, seconds: seconds, sweeps: try list(sweeps, of: Sweep.self, "sweeps"),
            sweepRounds: sweepRounds, sweepPlans: sweepPlans,
            soakPlans: soak)
        let benchmark = Benchmark(
            settings: settings, programs: programs,
            throughputContenders: try settings.parts.contains(.throughput)
                ? contenders.split(separator: ",").map { try programs.contender(String($0)) } : [],
            latencyContenders: try settings.parts.contains(.latency)
                ? latencyContenders.split(separator: ",").map { try programs.contender(String($0)) } : [],
            deadline: .now() + .seconds(timeLimit))
        let report = try benchmark.run()
        print(report.text)
        if let results { try report.write(toFolder: results) }
    }
}
