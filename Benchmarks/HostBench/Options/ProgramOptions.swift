import ArgumentParser

/// The paths of the programs and files that take part.
struct ProgramOptions: ParsableArguments {
    @Option(help: "The gatehost program; by default beside this program, as the next four are.") var gatehost: String?
    @Option(help: "The gatehost-sweep program: the host with many gates.") var sweepHost: String?
    @Option(help: "The gatehost-floor program.") var floor: String?
    @Option(help: "The gatehost-echo program.") var echo: String?
    @Option(help: "The gatehost-execution program.") var executionLayer: String?
    @Option(help: "The library that counts allocations; by default the one beside this program.") var allocationCounter:
        String?
    @Option(help: "The folder of the Python consumers.") var python = "Benchmarks/Contenders"
    @Option(help: "The hosts' deployment file.") var deployment = "config/gatehost.yaml"

    func programs() throws -> Programs {
        try Programs(
            floor: floor, gateHost: gatehost, sweepHost: sweepHost, echo: echo, execution: executionLayer,
            allocationCounter: allocationCounter, python: python, deployment: deployment)
    }
}
