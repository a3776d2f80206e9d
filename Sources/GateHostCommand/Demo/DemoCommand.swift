import ArgumentParser
import Deployment
import EmbeddedRedis
import Foundation
import GateAPI
import GateHost
import Logging
import Redis
import Telemetry
import UnixSignals

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Streams real plans through the real pipeline, first in shadow, then in enforce.",
        discussion:
            "Uses the empty Redis database at REDIS_URL, or a private redis-server of its own, which it removes at the end."
    )

    @Option(name: .long, help: "Plans a second.")
    var rate = 200

    @Option(name: .long, help: "A file of plans as JSON lines instead of those shipped.")
    var plans: String?

    func validate() throws {
        guard (1...100_000).contains(rate) else { throw ValidationError("--rate \(rate): outside 1...100000") }
    }

    func run() async throws {
        // Problems must be seen between the lines, but not every step of the host.
        bootstrapLogging(style: .automatic, level: .warning)
        let plans = try DemoPlans.load(plans)
        // Before there is a server to leave behind.
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

/// The Redis that the demo runs on: somebody's empty database, or a private server.
private final class DemoServer {
    let configuration: RedisConfiguration
    private let embedded: EmbeddedRedisServer?

    var isEmbedded: Bool { embedded != nil }

    init() throws {
        if let url = Console.environment["REDIS_URL"], !url.isEmpty {
            embedded = nil
            configuration = try RedisConfiguration(url: url)
            let connection = try RedisConnection(configuration)
            defer { connection.close() }
            guard try connection.command("DBSIZE").integer == 0 else {
                throw ValidationError(
                    """
                    the database at REDIS_URL (\(configuration.redactedURL)) is not empty, and the demo writes budgets and positions: \
                    name an empty one, or unset REDIS_URL for a private server
                    """)
            }
        } else {
            let server = try EmbeddedRedisServer()
            embedded = server
            configuration = try RedisConfiguration(url: server.url)
        }
    }

    func close() {
        embedded?.stop()
    }
}

enum DemoPlans {
    /// The plans shipped with the project, each real, with a few garbage entries among them.
    static func load(_ path: String?) throws -> [Fields] {
        if let path { return try PlanFile.read(path) }
        var plans = try resource("apply_plan_real")
        let samples = try resource("sample_plans").filter { $0["plan_id"] == nil || $0["decision"] != "EXECUTE" }
        for (index, sample) in samples.enumerated() { plans.insert(sample, at: 20 + index * 30) }
        // A plan sent twice, and its id used again for something else.
        if let first = plans.first {
            plans.insert(first, at: 60)
            plans.insert(Fields(first.pairs.map { $0.name == "side" ? ("side", "SELL") : $0 }), at: 61)
        }
        return plans
    }

    private static func resource(_ name: String) throws -> [Fields] {
        guard let file = Bundle.module.url(forResource: name, withExtension: "jsonl") else {
            throw ValidationError(
                "the example data \(name).jsonl is not beside the program: give plans with --plans FILE")
        }
        return try PlanFile.plans(in: Data(contentsOf: file), file: file.lastPathComponent)
    }
}
