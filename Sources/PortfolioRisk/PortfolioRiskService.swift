import GateAPI
package import Logging
import Platform
package import Redis
import ServiceLifecycle
package import Telemetry
import TradingState

/// The P2.8 budget service: computes budgets every interval and serves the HTTP endpoints.
package struct PortfolioRiskService: Service {
    private let server: RiskServer
    private let loop: RiskLoop
    private let logger: Logger

    /// Throws if a metric cannot be registered or if the settings contradict each other.
    /// - Parameter onListening: receives the port once the endpoints listen.
    package init(
        settings: RiskSettings, redis: RedisConfiguration, registry: MetricRegistry, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) throws {
        // Settings made in code have not passed the checks of `RiskConfiguration.load`.
        let contradictions = settings.contradictions
        guard contradictions.isEmpty else { throw RiskConfigurationErrors(messages: contradictions) }
        let metrics = try RiskMetrics(registry, universe: settings.universe.symbols)
        let mode = ModeControl(environment: settings.mode)
        metrics.record(mode.current)
        let engine = RiskEngine(settings, redis: redis, mode: mode, metrics: metrics, logger: logger)
        let heat = HeatReader(settings, logger: logger)
        let requests = RequestConnection(redis)
        self.logger = logger
        loop = RiskLoop(engine: engine, heat: heat, interval: settings.interval.duration, logger: logger)
        server = RiskServer(
            routes: RiskRoutes(
                budgets: BudgetEndpoints(
                    redis: requests, mode: mode, metrics: metrics, maximumBudget: settings.maximumBudget),
                inject: InjectEndpoint(redis: requests, isEnabled: settings.testMode == .on, clock: WallClock.now),
                mode: ModeEndpoint(
                    redis: requests, mode: mode, token: settings.adminToken, metrics: metrics, clock: WallClock.now,
                    logger: logger,
                    recompute: { (try? await engine.cycle(heat: await heat.read())) != nil }),
                registry: registry),
            host: settings.listenHost, port: settings.port, allowedHosts: settings.allowedHosts.names, logger: logger,
            onListening: onListening)
    }

    /// Runs until a graceful shutdown. The cycle in flight is finished first, and the endpoints serve until then.
    package func run() async throws {
        try await ServiceGroup(services: [server, loop], logger: logger).run()
    }
}
