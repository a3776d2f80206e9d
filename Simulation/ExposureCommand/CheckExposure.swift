import ArgumentParser
import ExposureCheck

@main
struct CheckExposure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-check-exposure",
        abstract: "Follows all courses of events around the exposure ledger, up to a length, and checks every state.",
        discussion: "Simulation/README.md describes the model, its assumptions and the properties.")

    @Flag(help: "Longer courses: tens of millions of states, in minutes.") var long = false
    @Option(help: "Only this scenario: \(Scenario.all.map(\.name).joined(separator: ", ")).") var scenario: String?
    @Option(help: "The most events of a course, instead of the scenario's.") var depth: Int?
    @Option(help: "End before a longer course once so many states were seen.") var states = 40_000_000
    @Option(
        name: .customLong("break"),
        help:
            "Plant a flaw and print the shortest course that shows it: \(Flaw.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var flaw: String?

    func validate() throws {
        guard flaw == nil || flaw.flatMap(Flaw.init) != nil else {
            throw ValidationError("--break must be one of \(Flaw.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard scenario == nil || Scenario.all.contains(where: { $0.name == scenario }) else {
            throw ValidationError("--scenario must be one of \(Scenario.all.map(\.name).joined(separator: ", "))")
        }
        guard depth.map({ (1...1_000).contains($0) }) ?? true else {
            throw ValidationError("--depth must be from 1 to 1000")
        }
    }

    func run() throws {
        let chosen = Scenario.all.filter { scenario == nil || $0.name == scenario }
        if let flaw = flaw.flatMap(Flaw.init) {
            let scenarios = scenario == nil ? [flaw.witness.scenario] : chosen
            for one in scenarios {
                try search(one, planting: flaw, for: scenario == nil ? [flaw.witness.property] : nil)
            }
            return
        }
        let clock = ContinuousClock()
        let start = clock.now
        var states = 0
        for one in chosen { states += try search(one) }
        print("no violation in \(states) states, \(Self.seconds(clock.now - start)) s")
        if scenario == nil { try findFlaws() }
    }

    @discardableResult
    private func search(_ scenario: Scenario, planting flaw: Flaw? = nil, for properties: Set<Property>? = nil) throws
        -> Int
    {
        let clock = ContinuousClock()
        let start = clock.now
        let most = depth ?? (long ? scenario.depth.long : scenario.depth.quick)
        let outcome = Search(scenario, planting: flaw, for: properties ?? Set(Property.allCases))
            .run(Search.Limits(depth: most, states: states))
        let end = outcome.isClosed ? "there are no more" : "all courses of \(outcome.depth) events"
        print(
            "\(scenario.name): \(outcome.states) states, \(end), \(outcome.transitions) transitions, "
                + "\(outcome.rulings) rulings, \(Self.seconds(clock.now - start)) s")
        guard let violation = outcome.violation else { return outcome.states }
        for line in violation.course { print("  \(line)") }
        print("\(violation.property) is violated: \(violation.what)")
        throw ExitCode.failure
    }

    /// A check that cannot fail shows nothing: each planted flaw must be found.
    private func findFlaws() throws {
        var missed: [Flaw] = []
        for flaw in Flaw.allCases {
            let outcome = flaw.search.run(Search.Limits(depth: flaw.witness.depth, states: states))
            if outcome.violation == nil { missed.append(flaw) }
        }
        guard missed.isEmpty else {
            print("not found: \(missed.map(\.rawValue).joined(separator: ", "))")
            throw ExitCode.failure
        }
        print("all \(Flaw.allCases.count) planted flaws were found")
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int(duration / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
