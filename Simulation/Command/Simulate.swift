import ArgumentParser
import HostSimulation

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-simulate",
        abstract:
            "Runs the real intake against a model of Redis under seeded crashes, claims, timeouts and lost replies, "
            + "and checks the host's invariants.",
        discussion:
            "Simulation/README.md describes the model and the invariants. A seed gives the same schedule everywhere."
    )

    @Option(help: "The number of schedules.") var schedules = 100_000
    @Option(help: "Seed of the first schedule; each later schedule has the next number.") var seed: UInt64 = 1
    @Option(help: "Run only the schedule of this seed, and print every event.") var replay: UInt64?
    @Option(help: "Schedules run side by side; by default, one for each core.") var threads: Int?
    @Option(
        name: .customLong("break"),
        help:
            "Plant a flaw in the model for the audit to find: \(ModelFlaws.all.map(\.name).joined(separator: ", "))."
    )
    var flaw: String?

    private var flaws: ModelFlaws { ModelFlaws.all.first { $0.name == flaw }?.flaw ?? [] }

    func validate() throws {
        guard flaw == nil || !flaws.isEmpty else {
            throw ValidationError("--break must be one of \(ModelFlaws.all.map(\.name).joined(separator: ", "))")
        }
        guard (1...1_000_000_000).contains(schedules) else {
            throw ValidationError("--schedules must be from 1 to 1000000000")
        }
        guard threads.map({ (1...256).contains($0) }) ?? true else {
            throw ValidationError("--threads must be from 1 to 256")
        }
    }

    func run() throws {
        if let replay { return try report(Worker().run(seed: replay, flaws: flaws, isTraced: true)) }
        print("first seed \(seed), \(schedules) schedules")
        let clock = ContinuousClock()
        let start = clock.now
        let (counts, violated) = try Campaign(firstSeed: seed, schedules: schedules, flaws: flaws, threads: threads).run
        { [schedules] count in
            if count % max(1_000, schedules / 10) == 0 {
                print("\(count) schedules, \(Self.seconds(clock.now - start)) s")
            }
        }
        if let violated { return try report(violated) }
        for item in counts.items { print("\(item.name): \(item.count)") }
        print("no violation in \(counts.schedules) schedules, \(Self.seconds(clock.now - start)) s")
        let missing = counts.items.filter { $0.count == 0 }.map(\.name)
        guard missing.isEmpty else {
            print("never happened, so this run says nothing about it: \(missing.joined(separator: ", "))")
            throw ExitCode.failure
        }
    }

    private func report(_ result: ScheduleResult) throws {
        for line in result.trace { print(line) }
        guard let violation = result.violation else { return print("seed \(result.seed): no violation") }
        print("seed \(result.seed): \(violation.invariant) is violated: \(violation.what)")
        print("again: gatehost-simulate --replay \(result.seed)\(flaw.map { " --break \($0)" } ?? "")")
        throw ExitCode.failure
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int(duration / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
