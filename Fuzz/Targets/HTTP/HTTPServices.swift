import Deployment
import EmbeddedRedis
import Foundation
import GateAPI
@testable import GateHost
import Logging
@testable import PortfolioRisk
import Redis
import ServiceLifecycle
import Synchronization
import Telemetry

/// Both services' endpoints on their own ports, before one Redis.
struct HTTPServices {
    let riskPort: Int
    let adminPort: Int
    private let redis: RedisConfiguration

    static let token = "fuzz-fuzz-fuzz-fuzz"

    enum Failure: Error { case didNotListen }

    init(redis server: EmbeddedRedisServer) throws {
        redis = try RedisConfiguration(url: server.url)
        let logger = Logger(label: "fuzz", factory: { _ in SwiftLogNoOpLogHandler() })
        let registry = MetricRegistry()
        let risk = Listening()
        let routes = try Self.routes(redis, registry, logger)
        let riskServer = RiskServer(
            routes: routes, host: "127.0.0.1", port: 0, allowedHosts: [], logger: logger, onListening: risk.report)
        let admin = Listening()
        let adminServer = AdminServer(
            try Self.adminAddress(), status: HostStatus(), registry: registry, logger: logger, onListening: admin.report
        )
        // Both run until the process ends.
        Task.detached { try await riskServer.run() }
        Task.detached { try await adminServer.run() }
        riskPort = try risk.wait()
        adminPort = try admin.wait()
        try fill()
    }

    /// Writes budgets of every kind: valid, without the number, with text for the number, and a key of another type.
    func fill() throws {
        let connection = try RedisConnection(redis)
        var pipeline = RedisPipeline()
        pipeline.add("FLUSHALL")
        pipeline.add(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", "1820.93", "mode", "enforce", "timestamp",
            "1795354847")
        pipeline.add("HSET", "quantum:portfolio:budget:ETHUSDT", "mode", "shadow")
        pipeline.add("HSET", "quantum:portfolio:budget:NAN", "budget_usd", "nan", "odd", "\u{0} \" \\ \u{2028}")
        pipeline.add("SET", "quantum:portfolio:budget:TEXT", "no hash")
        _ = try connection.send(pipeline)
    }

    private static func routes(_ redis: RedisConfiguration, _ registry: MetricRegistry, _ logger: Logger) throws
        -> RiskRoutes
    {
        let metrics = try RiskMetrics(registry)
        let mode = ModeControl(environment: .enforce)
        let requests = RequestConnection(redis)
        let clock: @Sendable () -> Timestamp = { Timestamp(seconds: 1_795_354_847) }
        var endpoint = ModeEndpoint(
            redis: requests, mode: mode, token: AdminToken(token), metrics: metrics, logger: logger)
        endpoint.patience = TokenPatience(longestWait: .zero)
        let lease = LeaseControl(length: .seconds(3), interval: .seconds(10))
        let board = CycleBoard(lease)
        let explainer = BudgetExplainer(computation: BudgetComputation(RiskSettings()), heatURL: nil)
        return RiskRoutes(
            health: HealthEndpoint(
                redis: requests, mode: mode, lease: lease,
                writers: StateWriterWatch(try LeaseMetrics(registry), logger: logger), board: board),
            budgets: BudgetEndpoints(redis: requests, mode: mode, metrics: metrics, maximumBudget: 10_000),
            inject: InjectEndpoint(redis: requests, isEnabled: true, clock: clock),
            mode: endpoint, overview: OverviewEndpoint(board: board),
            explain: ExplainEndpoint(board: board, explainer: explainer),
            registry: registry)
    }

    private static func adminAddress() throws -> AdminConfiguration {
        var address = AdminConfiguration()
        address.listen = ListenAddress(host: "127.0.0.1", port: 0)
        return address
    }
}

/// Waits for the port that a server reports once it listens.
private final class Listening: Sendable {
    private let port = Mutex<Int?>(nil)
    private let signal = DispatchSemaphore(value: 0)

    func report(_ number: Int) {
        port.withLock { $0 = number }
        signal.signal()
    }

    func wait() throws -> Int {
        guard signal.wait(timeout: .now() + 10) == .success, let port = port.withLock({ $0 }) else {
            throw HTTPServices.Failure.didNotListen
        }
        return port
    }
}
