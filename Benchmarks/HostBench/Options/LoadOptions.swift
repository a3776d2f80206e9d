import ArgumentParser

/// The options of latency against load, and of the capacity.
struct LoadOptions: ParsableArguments {
    @Option(help: "Lowest rate of the curve, in plans per second.") var lowestRate = 100
    @Option(help: "Highest rate of the curve; it ends earlier at the knee.") var highestRate = 100_000
    @Option(help: "Rates in each decade.") var ratesPerDecade = 3
    @Option(help: "Length of the measurement at each rate, in seconds.") var seconds = 1.5
    @Option(help: "Number of rounds of latency and capacity.") var latencyRounds = 3
    @Option(help: "The capacity keeps p99 below this, in milliseconds.") var capacityLimit = 5
    @Option(help: "Number of halvings in the search for the capacity; 0 leaves it out.") var capacitySteps = 4

    func validate() throws {
        try checkRanges([
            ("lowest-rate", lowestRate, 1...LoadSettings.highestRate),
            ("highest-rate", highestRate, lowestRate...max(lowestRate, LoadSettings.highestRate)),
            ("rates-per-decade", ratesPerDecade, 1...20), ("latency-rounds", latencyRounds, 1...1_000),
            ("capacity-limit", capacityLimit, 1...1_000), ("capacity-steps", capacitySteps, 0...20),
        ])
        guard (0.1...3_600).contains(seconds) else { throw ValidationError("--seconds must be from 0.1 to 3600") }
    }

    var settings: LoadSettings {
        LoadSettings(
            rates: LoadSeries.rates(from: lowestRate, to: highestRate, perDecade: ratesPerDecade),
            seconds: seconds, rounds: latencyRounds, limitMilliseconds: capacityLimit, steps: capacitySteps)
    }
}
