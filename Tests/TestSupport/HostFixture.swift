package import Deployment
package import GateAPI
package import GateHost
import Logging
package import Platform
import Redis
import Synchronization
package import Telemetry

/// A host running in this process until ``stop()``.
package final class HostFixture: Sendable {
    package let registry = MetricRegistry()
    private let clockLead = ClockLead()
    private let host: Host
    private let task: Task<Void, any Error>

    package init(
        _ configuration: HostConfiguration, journal: CrashJournal = CrashJournal(), restarts: Int = 0,
        observer: DecisionObserver? = nil, serviceManager: ServiceManager? = nil
    ) throws {
        var runtime = HostRuntime.live
        runtime.wallClock = { [clockLead] in
            let now = HostRuntime.live.wallClock().milliseconds
            return Timestamp(milliseconds: now + clockLead.seconds.load(ordering: .relaxed) * 1_000)
        }
        let host = try Host(
            configuration: configuration, registry: registry,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            journal: journal, restarts: restarts, observer: observer, serviceManager: serviceManager,
            runtime: runtime)
        self.host = host
        task = Task { try await host.run() }
    }

    package var status: HostStatus { host.status }
    package var containment: Containment { host.containment }

    /// Sets the host's clock some seconds ahead of the machine's.
    package func setClock(ahead seconds: Int64) {
        clockLead.seconds.store(seconds, ordering: .relaxed)
    }

    package func stop() async {
        task.cancel()
        _ = await task.result
    }

    package var metrics: String { String(decoding: registry.exposition(), as: UTF8.self) }
}

/// How far a host's clock is ahead.
private final class ClockLead: Sendable {
    let seconds = Atomic<Int64>(0)
}

package enum TestConfiguration {
    /// A deployment of the given gates, such as `- { gate: alpha, mode: enforce }`, on the server at `url`.
    package static func make(
        _ gates: String, types: [any Gate.Type] = scriptedGates, url: String = "redis://localhost",
        sections: String = ""
    ) throws -> HostConfiguration {
        let first = gates.firstMatch(of: /gate: *([a-z0-9-]+)/).map { String($0.1) } ?? "alpha"
        return try HostConfiguration.parse(
            text: "redis: { url: \"\(url)\" }\n\(sections)\nfirst_gate: \(first)\ngates:\n\(gates)\n",
            file: "test.yaml",
            registry: try GateRegistry(types), environment: [:])
    }
}
