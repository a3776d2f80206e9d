import ArgumentParser
import Deployment
import GateAPI
import Glibc
import Logging
import Platform
import Redis
import Telemetry
import UnixSignals

@main
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost demo",
        abstract: "Streams real plans through the real pipeline, first in shadow, then in enforce.",
        discussion:
            """
            Uses the empty Redis database at REDIS_URL, or a private redis-server of its own, which it removes at \
            the end.
            """
    )

    static func main() async {
        // A closed pipe behind the listing must not kill the demo.
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }

    @Option(name: .long, help: "Plans a second.")
    var rate = 200

    @Option(name: .long, help: "A file of plans as JSON lines instead of those shipped.")
    var plans: String?

    func validate() throws {
        guard (1...100_000).contains(rate) else { throw ValidationError("--rate \(rate): outside 1...100000") }
    }

    func run() async throws {
        // Warnings of the host are shown between the decisions. Its informational lines are not.
        bootstrapLogging(style: .automatic, level: .warning)
        let plans = try DemoPlans.load(plans)
        // Signals are trapped before the server starts, so that none can leave it running.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let server = try DemoServer()
        defer { server.close() }
        Console.print(
            "Redis: \(server.configuration.redactedURL)\(server.isEmbedded ? " (private, removed at the end)" : "")")

        let redis = server.configuration
        let summaries = try await withThrowingTaskGroup(of: [DemoSummary]?.self) { [rate] tasks in
            tasks.addTask { try await Self.worlds(plans, rate: rate, redis: redis) }
            tasks.addTask {
                for await _ in signals { break }
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? nil
        }
        Console.print(summaries.map { "\n" + DemoSummary.table($0) } ?? "\nstopped")
    }

    /// Shadow, then enforce.
    private static func worlds(_ plans: [Fields], rate: Int, redis: RedisConfiguration) async throws -> [DemoSummary]? {
        var summaries: [DemoSummary] = []
        for mode in [GateMode.shadow, .enforce] {
            guard let summary = try await DemoWorld(mode: mode, plans: plans, rate: rate, redis: redis).run() else {
                return nil
            }
            summaries.append(summary)
        }
        return summaries
    }
}
