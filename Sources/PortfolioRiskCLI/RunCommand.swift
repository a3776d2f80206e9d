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
        abstract: "Runs the service until SIGTERM or SIGINT; finishes the computation in flight first.")

    func run() async throws {
        let configuration = try RiskConfiguration.loadOrExit()
        let settings = configuration.settings
        bootstrapLogging(style: settings.logStyle.style, level: settings.logLevel.level)
        let logger = Logger(label: "portfolio-risk-governor")
        for warning in configuration.warnings { logger.warning("environment: \(warning)") }
        logger.info(
            "service starts",
            metadata: [
                "redis": "\(configuration.redis.redactedURL)", "P28_MODE": "\(settings.mode.rawValue)",
                "test_mode": "\(settings.testMode == .on)",
            ])
        let registry = MetricRegistry()
        var services: [any Service] = [
            try PortfolioRiskService(settings: settings, redis: configuration.redis, registry: registry, logger: logger)
        ]
        // With a source configured, this process also publishes the portfolio state.
        if let source = Console.environment["PORTFOLIO_STATE_SOURCE"], !source.isEmpty {
            services.append(
                try PortfolioStateUpdater.makeOrExit(redis: configuration.redis, registry: registry, logger: logger))
        }
        try await ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
        logger.info("service stopped")
    }
}
