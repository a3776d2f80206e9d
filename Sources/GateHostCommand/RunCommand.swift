import ArgumentParser
import GateHost
import Logging
import ServiceLifecycle
import Telemetry
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs the host until SIGTERM or SIGINT; the batch in flight is committed first.")

    @Option(name: .long, help: "The deployment file, YAML or JSON.")
    var config: String

    func run() async throws {
        let configuration = try HostConfiguration.loadOrExit(config)
        bootstrapLogging(style: configuration.log.style, level: configuration.log.level)
        let logger = Logger(label: "gatehost")
        let registry = MetricRegistry()
        let host = try Host(configuration: configuration, registry: registry, logger: logger)
        let admin = AdminServer(configuration.admin, status: host.status, registry: registry, logger: logger)
        // Started in this order, stopped in the other: the endpoints answer until the last batch is committed.
        let group = ServiceGroup(services: [admin, host], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}
