import ArgumentParser

@main
struct GateHostBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-bench",
        abstract: "Measures decisions per second and latency of `gatehost run` beside a C program that does the same Redis work without deciding.",
        discussion: "Exits with 1 unless every plan of every round got exactly one decision, with the outcome that the workload fixed.")

    @Option(help: "Rounds; contenders take turns in each.") var rounds = 5
    @Option(help: "Plans of a throughput round; 0 leaves throughput out.") var plans = 50_000
    @Option(help: "Most plans read and decided at once, 1 to 1024.") var batch = 128
    @Option(help: "Symbols that the plans are about.") var symbols = 20
    @Option(help: "Plans per second of the latency rounds, comma-separated; empty leaves latency out.") var rates = "100,1000"
    @Option(help: "Length of a latency round, in seconds.") var seconds = 3
    @Option(help: "Contenders, comma-separated; the first is what the others are compared with.") var contenders = "floor,gatehost"
    @Option(help: "The gatehost program; by default the one beside this program.") var gatehost: String?
    @Option(help: "The gatehost-floor program; by default the one beside this program.") var floor: String?
    @Option(help: "Write everything measured to this file as JSON.") var json: String?
    @Option(help: "Give up, with exit code 1, when a round would start after so many seconds.") var timeLimit = 160

    private var parsedRates: [Int?] { rates.split(separator: ",").map { Int($0) } }

    func validate() throws {
        let ranges: [(name: String, value: Int, range: ClosedRange<Int>)] = [
            ("rounds", rounds, 1...1_000), ("plans", plans, 0...10_000_000), ("batch", batch, 1...1_024), ("symbols", symbols, 1...10_000),
            ("seconds", seconds, 1...3_600), ("time-limit", timeLimit, 1...86_400),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        guard parsedRates.allSatisfy({ rate in rate.map { (1...100_000).contains($0) } ?? false }) else {
            throw ValidationError("--rates must be numbers from 1 to 100000, comma-separated")
        }
        let names = contenders.split(separator: ",")
        guard !names.isEmpty, Set(names).count == names.count else {
            throw ValidationError("--contenders must be different names, comma-separated: \(Programs.contenderNames.joined(separator: ", "))")
        }
    }

    func run() throws {
        let programs = try Programs(floor: floor, gateHost: gatehost)
        let settings = Settings(
            rounds: rounds, plans: plans, batch: batch, symbols: symbols, rates: parsedRates.compactMap(\.self), seconds: seconds)
        let benchmark = Benchmark(
            settings: settings, contenders: try contenders.split(separator: ",").map { try programs.contender(String($0)) }, timeLimit: .seconds(timeLimit))
        let report = try benchmark.run()
        print(report.text)
        if let json { try report.write(to: json) }
    }
}
