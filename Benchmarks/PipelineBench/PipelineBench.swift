import ArgumentParser
import Deployment
import GateHost

@main
struct PipelineBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-bench-pipeline",
        abstract:
            "Measures decisions alone, in process: nanoseconds and allocations per decision and per gate, "
            + "and memory over many plans.",
        discussion:
            "Exits with 1 if a gate does not judge, a plan gets no permit, allocations are not counted or memory grows."
    )

    @Option(help: "Number of samples of each pipeline, taken in turns.") var samples = 500
    @Option(help: "Number of plans in the endurance run; 0 leaves it out.") var plans = 10_000_000
    @Option(help: "Write all measurements to this file as JSON.") var json: String?

    func validate() throws {
        guard (1...1_000_000).contains(samples) else { throw ValidationError("--samples must be from 1 to 1000000") }
        guard (0...1_000_000_000).contains(plans) else { throw ValidationError("--plans must be from 0 to 1000000000") }
    }

    func run() throws {
        try AllocationMeter.prove()
        let load = PipelineReport.load()
        let gates = try GateSet()
        let sizes = [1, 2, 4, 8, 16]
        let groups = [
            try sizes.map { try contender("\($0)", gates.pipeline(of: $0), isContained: false) },
            try sizes.map { try contender("\($0), timed", gates.pipeline(of: $0), isContained: true) },
            try [0, 1, 2, 4, 8, 16, 32].map { try contender("\($0)", gates.passing($0), isContained: false) },
            [try contender("none", [], isContained: false)]
                + (try ([gates.budget, gates.heat] + gates.small).map {
                    try contender($0.name, [$0], isContained: false)
                }),
        ]
        var costs = try Sampler(samples: samples).measure(groups.flatMap(\.self))[...]
        let measured = groups.map { group in
            defer { costs = costs.dropFirst(group.count) }
            return Array(costs.prefix(group.count))
        }
        let report = PipelineReport(
            processor: PipelineReport.processorName(), loadBefore: load, samples: samples, pipelines: measured[0],
            timed: measured[1],
            // From the second gate on, only small gates are added.
            smallGate: GateSlope(measured[0].filter { $0.gates >= 2 }), passing: measured[2],
            dispatch: GateSlope(measured[2]), alone: measured[3],
            endurance: plans == 0 ? nil : try Endurance(plans: plans, gates))
        print(report.text)
        if let json { try report.write(to: json) }
    }

    private func contender(_ name: String, _ gates: [ConfiguredGate], isContained: Bool) throws -> Contender {
        let host = try DecidingHost(gates, isContained: isContained)
        return Contender(name: name, gates: gates.count) { host.decide($0) }
    }
}
