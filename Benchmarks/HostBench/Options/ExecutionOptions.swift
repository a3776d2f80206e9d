import ArgumentParser

/// The options of the execution layer.
struct ExecutionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What becomes of permits: percent executed, percent refused by the exchange, and percent reported as not "
                + "executed without being taken. The rest is taken and never reported. `none`: nobody takes permits.",
            valueName: "mix"))
    var execution = "90,4,4"
    @Option(help: "Time between two position snapshots, in milliseconds.") var snapshotInterval = 1_000

    func validate() throws {
        try checkRanges([("snapshot-interval", snapshotInterval, 1...3_600_000)])
        guard execution == "none" || Execution(mix: execution) != nil else {
            throw ValidationError(
                "--execution must be three percentages, comma-separated, of at most 100 in all; or none")
        }
    }

    /// `nil` if there is none.
    var settings: Execution? {
        var settings = Execution(mix: execution)
        settings?.snapshotMilliseconds = snapshotInterval
        return settings
    }
}
