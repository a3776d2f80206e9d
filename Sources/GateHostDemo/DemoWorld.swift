import Deployment
import GateAPI
import GateHost
import HeatGate
import Logging
import P28Budget
import Platform
import PortfolioRisk
import Redis
import ServiceLifecycle
import Synchronization
import Telemetry

/// One run of the demo: a fresh database, the budget service and a host in one mode, and all plans.
struct DemoWorld {
    private let plans: [Fields]
    private let redis: RedisConfiguration
    private let configuration: HostConfiguration
    private let mode: GateMode
    private let rate: Int

    init(mode: GateMode, plans: [Fields], rate: Int, redis: RedisConfiguration) throws {
        self.mode = mode
        self.plans = plans
        self.rate = rate
        self.redis = redis
        var configuration = try HostConfiguration.parse(
            text: """
                first_gate: p28-budget
                gates:
                  - { gate: p28-budget, mode: \(mode.rawValue) }
                  - { gate: heat, mode: \(mode.rawValue) }
                """, file: "demo.yaml", registry: try GateRegistry([P28Budget.self, HeatGate.self]), environment: [:])
        configuration.redis = redis
        self.configuration = configuration
    }

    /// `nil` if it was stopped before the end.
    func run() async throws -> DemoSummary? {
        let effect = mode == .shadow ? "every verdict recorded, none applied" : "verdicts apply"
        Console.print("\n── \(mode.rawValue): \(effect) ──")
        let market = DemoMarket(plans: plans)
        let printer = DemoPrinter(market: market, mode: mode)
        let host = try Host(configuration: configuration, registry: MetricRegistry(), logger: Logger(label: "gatehost"))
        {
            printer.show($0, at: Monotonic.nanoseconds())
        }
        var budgets = RiskSettings()
        budgets.port = 0
        budgets.mode = mode == .enforce ? .enforce : .shadow
        budgets.interval = Seconds(.milliseconds(200))
        // The budget key of the wrong type is part of the demo, and is logged as an error.
        var quiet = Logger(label: "portfolio-risk-governor")
        quiet.logLevel = .critical
        let risk = try PortfolioRiskService(settings: budgets, redis: redis, registry: MetricRegistry(), logger: quiet)
        let feeder = DemoFeeder(
            plans: plans, rate: rate, redis: redis, stream: configuration.intake.stream, market: market,
            printer: printer)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: risk),
                    .init(service: host),
                    .init(
                        service: feeder, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup),
                ], logger: Logger(label: "gatehost")))
        do {
            try await group.run()
        } catch is CancellationError {
            return nil
        }
        // The database was empty when the demo began.
        _ = try RedisConnection(redis).command("FLUSHDB")
        return feeder.isComplete ? printer.summary : nil
    }
}
