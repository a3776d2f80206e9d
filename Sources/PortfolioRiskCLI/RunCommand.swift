import ArgumentParser
import Logging
import Platform
import PortfolioRisk
import PortfolioStateUpdater
import Redis
import ServiceLifecycle
import Telemetry
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the service until SIGTERM or SIGINT. A second instance stands by and takes over.")

    func run() async throws {
        let environment = try ServiceEnvironment.loadOrExit()
        let configuration = environment.risk
        let settings = configuration.settings
        bootstrapLogging(style: settings.logStyle.style, level: settings.logLevel.level)
        let logger = Logger(label: "portfolio-risk-governor")
        let mode = await StartMode.find(configuration)
        logger.info(
            "service starts",
            metadata: [
                "mode": "\(mode.text)",
                "redis": "\(configuration.redis.redactedURL)", "P28_MODE": "\(settings.mode.rawValue)",
                "P28_MODE_AUTHORITY": "\(settings.modeAuthority.rawValue)",
                "test_mode": "\(settings.testMode == .on)",
            ])
        for warning in environment.warnings { logger.warning("environment: \(warning)") }
        let registry = MetricRegistry()
        let budgets = try PortfolioRiskService(
            settings: settings, redis: configuration.redis, registry: registry, logger: logger)
        var services: [any Service] = [budgets]
        // With a source configured, this process also publishes the portfolio state, while it writes the budgets.
        if let state = environment.state {
            let lease = budgets.lease
            services.append(
                try PortfolioStateUpdater(
                    settings: state, source: state.makeSource(redis: configuration.redis, logger: logger),
                    redis: configuration.redis, registry: registry, mayWrite: { lease.term != nil }, logger: logger))
        }
        try await ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
        logger.info("service stopped")
    }
}
