import ArgumentParser
import GateAPI
import Logging
import Platform
import PortfolioStateUpdater
import Redis
import ServiceLifecycle
import Telemetry
import UnixSignals

struct StateUpdaterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state-updater",
        abstract: "Keeps quantum:state:portfolio up to date from the position ledger or a Binance futures account.",
        discussion: """
            Environment variables set everything: REDIS_URL, LOG_LEVEL, PORTFOLIO_STATE_* and BINANCE_*; \
            `--variables` lists them. With PORTFOLIO_STATE_SOURCE set, `run` also updates the portfolio state, inside \
            the budget service and with its metrics.
            """)

    @Flag(name: .long, help: "List the environment variables and exit.")
    var variables = false

    func run() async throws {
        guard !variables else {
            for info in PortfolioStateEnvironment.infos { Console.print(Self.text(info)) }
            return
        }
        let environment = Console.environment
        let level = environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .info
        bootstrapLogging(style: .automatic, level: level)
        let logger = Logger(label: "portfolio-state-updater")
        let redis: RedisConfiguration
        do throws(RedisURLError) {
            redis = try RedisConfiguration(
                url: environment["REDIS_URL"].flatMap { $0.isEmpty ? nil : $0 } ?? "redis://localhost:6379/0")
        } catch {
            Console.printError("environment: error: REDIS_URL: \(error.message)")
            throw ExitCode(1)
        }
        let updater = try PortfolioStateUpdater.makeOrExit(redis: redis, registry: MetricRegistry(), logger: logger)
        try await ServiceGroup(services: [updater], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }

    private static func text(_ info: SettingInfo) -> String {
        let range = info.range.map { ", \($0)" } ?? ""
        return "\(info.variable ?? info.key)  \(info.type)\(range), default \(info.defaultText): \(info.summary)"
    }
}

extension PortfolioStateUpdater {
    /// Reads the environment. On mistakes, prints them all and exits with 1.
    static func makeOrExit(redis: RedisConfiguration, registry: MetricRegistry, logger: Logger) throws
        -> PortfolioStateUpdater
    {
        let settings: PortfolioStateSettings
        do throws(PortfolioStateSettingsError) {
            settings = try PortfolioStateSettings(environment: Console.environment)
        } catch {
            Console.printError("\(error)")
            throw ExitCode(1)
        }
        return try PortfolioStateUpdater(
            settings: settings, source: settings.makeSource(redis: redis, logger: logger), redis: redis,
            registry: registry, logger: logger)
    }
}
