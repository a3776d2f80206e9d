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
    @OptionGroup(title: "Execution layer") var executionOptions: ExecutionOptions
    @OptionGroup(title: "Latency and capacity") var loadOptions: LoadOptions
    @Option(help: "Sweeps, comma-separated.") var sweeps = Sweep.allCases.map(\.rawValue).joined(separator: ",")
    @Option(help: "Number of rounds for each point of a sweep.") var sweepRounds = 3
    @Option(help: "Number of plans in a round of a sweep, or beside live grants.") var sweepPlans = 40_000
    @Option(help: "Numbers of hosts in one group, comma-separated.") var hosts = "1,2,4"
    @Option(help: "Numbers of live grants, comma-separated.") var grants = "0,100000"
    @Option(help: "Number of rounds with live grants.") var grantsRounds = 3
    @Option(help: "Number of plans in the soak.") var soak = 1_000_000
    @Option(help: "Contenders, comma-separated; the others are compared with the floor, or else with the first.")
    var contenders = "gatehost,gatehost-unreserved,floor,python-pipelined,python"
    @Option(help: "Contenders of the latency rounds.") var latencyContenders =
        "gatehost,gatehost-unreserved,floor,echo"
    @OptionGroup(title: "Programs") var programOptions: ProgramOptions
    @Option(help: "Write bench.json and bench.svg into this folder.") var results: String?
    @Option(help: "Exit with 1 instead of starting a round after this many seconds.") var timeLimit = 1_800

    @Flag(help: "Print the commit script, for gatehost-protocols, and exit.") var printScript = false

    func validate() throws {
        try checkRanges([
            ("rounds", rounds, 1...1_000), ("plans", plans, 1_000...10_000_000), ("batch", batch, 1...1_024),
            ("symbols", symbols, 1...10_000), ("sweep-rounds", sweepRounds, 1...1_000),
            ("sweep-plans", sweepPlans, 1_000...10_000_000), ("grants-rounds", grantsRounds, 1...1_000),
            ("soak", soak, 1_000...1_000_000_000), ("time-limit", timeLimit, 1...86_400),
        ])
        _ = try list(parts, of: Part.self, "parts")
        _ = try list(sweeps, of: Sweep.self, "sweeps")
        _ = try numbers(hosts, "hosts", 1...16)
        _ = try numbers(grants, "grants", 0...10_000_000)
        for (name, text) in [("contenders", contenders), ("latency-contenders", latencyContenders)] {
            let names = text.split(separator: ",")
            guard !names.isEmpty, Set(names).count == names.count else {
                let known = Programs.contenderNames.joined(separator: ", ")
                throw ValidationError("--\(name) must be different names, comma-separated: \(known)")
            }
        }
    }

    func run() throws {
        if printScript { return print(CommitScript.source, terminator: "") }
        let programs = try programOptions.programs()
        let settings = Settings(
            parts: try list(parts, of: Part.self, "parts"), rounds: rounds, plans: plans, batch: batch,
            symbols: symbols, execution: executionOptions.settings, load: loadOptions.settings,
            sweeps: try list(sweeps, of: Sweep.self, "sweeps"), sweepRounds: sweepRounds, sweepPlans: sweepPlans,
            hosts: try numbers(hosts, "hosts", 1...16), grants: try numbers(grants, "grants", 0...10_000_000),
            grantsRounds: grantsRounds, soakPlans: soak)
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
