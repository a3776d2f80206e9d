import ArgumentParser
import Deployment
import Foundation
import GateAPI
import GateHost
import PlanFiles
import Platform
import Redis
import TradingState

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Shows what every gate says of plans, and why; writes nothing.",
        discussion: """
            Plans come as JSON lines from a file or standard input (`--plans`), or one plan as `field=value` \
            arguments. State comes from Redis, or from a JSON file of records by Redis key (`--state`), which needs no \
            Redis.
            """)

    @Option(name: .long, help: "The deployment file, YAML or JSON.")
    var config: String

    @Option(name: .long, help: "A file of plans as JSON lines; `-` reads standard input.")
    var plans: String?

    @Option(name: .long, help: "A JSON file of records by Redis key instead of Redis.")
    var state: String?

    @Option(name: .long, help: "The moment to judge at, in epoch seconds (default: now).")
    var at: String?

    @Flag(name: .long, help: "One JSON object per plan.")
    var json = false

    @Argument(help: "The fields of one plan, such as symbol=BTCUSDT side=BUY qty=0.01.")
    var fields: [String] = []

    func validate() throws {
        guard (plans == nil) != fields.isEmpty else {
            throw ValidationError("give plans either by --plans FILE or as field=value arguments")
        }
    }

    func run() throws {
        let configuration = try HostConfiguration.loadOrExit(config)
        let now = try moment()
        let entries = try plans.map { try PlanFile.read($0) } ?? [PlanFile.plan(of: fields)]
        let source = try state.map { try StateSource.file($0) } ?? StateSource.connect(configuration.redis)
        let pipeline = Pipeline(
            gates: configuration.gates, reduceOnly: configuration.answers.reduceOnly,
            onBadPlan: configuration.plans.onBadPlan)
        for (index, fields) in entries.enumerated() {
            let entry = StreamEntry(
                id: EntryID(milliseconds: UInt64(clamping: now.milliseconds), sequence: UInt64(index)), fields: fields,
                configuration.symbols)
            var request = InputRequest()
            if case .execute(let intent) = entry.parsed { pipeline.request(for: intent, &request) }
            let inputs = try source.read(request, now: now)
            let decision = pipeline.decide(entry, inputs.inputs)
            let accounts = AccountsRead(inputs)
            Console.print(json ? EvaluationText.json(decision, accounts) : EvaluationText.text(decision, accounts))
        }
    }

    private func moment() throws -> Timestamp {
        guard let at else { return WallClock.now() }
        guard let seconds = try? Amount(at), let moment = Timestamp(epochSeconds: seconds) else {
            throw ValidationError("--at \(at): not epoch seconds")
        }
        return moment
    }
}
