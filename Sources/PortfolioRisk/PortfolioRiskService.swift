import GateAPI
package import Logging
import Platform
package import Redis
import ServiceLifecycle
package import Telemetry
import TradingState

/// The P2.8 budget service: computes budgets every interval and serves the HTTP endpoints. Of several instances one
/// writes, and the others stand by.
package struct PortfolioRiskService: Service {
    /// Whether this instance is the one that writes.
    package let lease: LeaseControl
    private let server: RiskServer
    private let leadership: Leadership
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
        let leaseMetrics = try LeaseMetrics(registry)
        let start = ContinuousClock.now
        let mode = ModeControl(environment: settings.mode, authority: settings.modeAuthority) {
            ContinuousClock.now - start
        }
        metrics.record(mode.current)
        let interval = settings.interval.duration
        let lease = LeaseControl(length: settings.leaseLength.duration, interval: interval)
        let writers = StateWriterWatch(leaseMetrics, logger: logger)
        let board = CycleBoard(lease)
        let engine = RiskEngine(
            settings, redis: redis, mode: mode, lease: lease, metrics: metrics, logger: logger, board: board)
        let explainer = BudgetExplainer(computation: BudgetComputation(settings), heatURL: settings.heatURL)
        let requests = RequestConnection(redis)
        let (listening, listens) = AsyncStream.makeStream(of: Void.self)
        self.logger = logger
        self.lease = lease
        leadership = Leadership(
            keeper: LeaseKeeper(redis, control: lease, mode: mode, writers: writers), control: lease, mode: mode,
            cycles: RiskLoop(
                engine: engine, heat: HeatReader(settings, logger: logger), interval: interval, logger: logger),
            metrics: leaseMetrics, riskMetrics: metrics, listening: listening, logger: logger)
        server = RiskServer(
            routes: RiskRoutes(
                health: HealthEndpoint(redis: requests, mode: mode, lease: lease, writers: writers, board: board),
                budgets: BudgetEndpoints(
                    redis: requests, mode: mode, metrics: metrics, maximumBudget: settings.maximumBudget),
                inject: InjectEndpoint(redis: requests, isEnabled: settings.testMode == .on, clock: WallClock.now),
                mode: ModeEndpoint(
                    redis: requests, mode: mode, token: settings.adminToken, metrics: metrics, logger: logger),
                overview: OverviewEndpoint(board: board), explain: ExplainEndpoint(board: board, explainer: explainer),
                registry: registry),
            host: settings.listenHost, port: settings.port, allowedHosts: settings.allowedHosts.names, logger: logger,
            onListening: { port in
                listens.finish()
                onListening(port)
            })
    }

    /// Runs until a graceful shutdown, which waits for no cycle. The endpoints serve until the lease is released.
    package func run() async throws {
        try await ServiceGroup(services: [server, leadership], logger: logger).run()
    }
}
