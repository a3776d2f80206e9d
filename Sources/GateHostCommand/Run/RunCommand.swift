import ArgumentParser
import Deployment
import GateHost
import Glibc
import Logging
import Platform
import Redis
import ServiceLifecycle
import Telemetry
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the host until SIGTERM or SIGINT; the batch in flight is committed first.",
        discussion: """
            The host runs in a process of its own, which this process watches. If a gate crashes the host, the host is \
            started again, and the gate is not asked about that intent again.
            """)

    @Option(name: .long, help: "The deployment file, YAML or JSON.")
    var config: String

    @Flag(
        name: .long,
        help:
            """
            Run the host in this process. Crashes are remembered only with containment.journal, and a service \
            manager must restart it.
            """
    )
    var unsupervised = false

    @Option(help: .hidden) var journalDescriptor: Int32?
    @Option(help: .hidden) var lifelineDescriptor: Int32?
    @Option(help: .hidden) var restarts = 0

    /// The exit status of a host that may not start on this Redis, or under this limit of memory: EX_CONFIG.
    static let refusedStatus: Int32 = 78

    func run() async throws {
        if let complaint = AddressSpace.complaint {
            Console.printError("error: \(complaint)")
            throw ExitCode(Self.refusedStatus)
        }
        let configuration = try HostConfiguration.loadOrExit(config)
        bootstrapLogging(style: configuration.log.style, level: configuration.log.level)
        let logger = Logger(label: "gatehost")
        if let lifelineDescriptor {
            Lifeline.hold(lifelineDescriptor)
        } else if !unsupervised {
            return try await Supervisor(config: config, logger: logger).run()
        }
        let registry = MetricRegistry()
        let host = try Host(
            configuration: configuration, registry: registry, logger: logger, journal: journal(configuration, logger),
            restarts: restarts, serviceManager: ServiceManager(environment: Console.environment))
        let admin = AdminServer(
            configuration.admin, status: host.status, containment: host.containment, registry: registry, logger: logger)
        // Started in this order, stopped in the other: the endpoints answer until the last batch is committed.
        let group = ServiceGroup(
            services: [admin, host], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        do {
            try await group.run()
        } catch is HostRestart {
            // Not `exit`: its handlers could block on threads that hang.
            flushLog()
            _exit(Supervisor.restartStatus)
        } catch let refusal as HostRefusal {
            Console.printError("error: \(configuration.redis.redactedURL): \(refusal)")
            throw ExitCode(Self.refusedStatus)
        }
    }

    /// The journal in which the host remembers crashes: the configured file, else the supervisor's, else one that ends
    /// with this process. A configured file that cannot be used is logged as an error, and the host runs without it.
    private func journal(_ configuration: HostConfiguration, _ logger: Logger) throws -> CrashJournal {
        if let path = configuration.containment.journal {
            do throws(CrashJournalError) {
                return try CrashJournal(path: path)
            } catch {
                guard !error.isMistake else { Console.fail("containment.journal: error: \(error)") }
                let memory =
                    journalDescriptor == nil
                    ? "crashes are not remembered" : "crashes are remembered only as long as this service runs"
                logger.error("\(memory)", metadata: ["error": "\(error)"])
            }
        }
        guard let journalDescriptor else { return CrashJournal() }
        do throws(CrashJournalError) {
            return try CrashJournal(descriptor: journalDescriptor)
        } catch {
            logger.error("crashes are not remembered", metadata: ["error": "\(error)"])
            return CrashJournal()
        }
    }
}
