import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry
import TradingState

/// Registers this host in its group, and looks at what the group must agree on: configuration, build, clock, and a
/// Redis that evicts nothing.
final class GroupWatch {
    private let context: IntakeContext
    private let warnings: HostWarnings
    private let metrics: GroupMetrics
    private let stop: StopSignal
    private let registry: HostRegistry
    private let started: Timestamp

    private static let interval: Duration = .seconds(5)
    /// Records age by this host's clock.
    private static let largestOffset: Duration = .seconds(5)
    /// The most hosts that a warning names.
    private static let namedHosts = 5

    init(context: IntakeContext, warnings: HostWarnings, metrics: GroupMetrics, stop: StopSignal) {
        self.context = context
        self.warnings = warnings
        self.metrics = metrics
        self.stop = stop
        registry = HostRegistry(group: context.configuration.intake.group)
        started = context.runtime.wallClock()
    }

    /// Returns when it is told to stop.
    func run() {
        let sessions = ReconnectingLoop(
            redis: context.configuration.redis, stop: stop, runtime: context.runtime
        ) { [self] error, _ in
            warn(.registry, "this host cannot register in its group: \(error)", .warning)
        }
        sessions.run { (connection, ready) throws(RedisError) in
            while !stop.isStopping {
                try checkMemoryPolicy(connection)
                try register(connection)
                warn(.registry, nil, .notice)
                ready()
                stop.wait(Self.interval)
            }
            try registry.remove(context.identity.host, connection)
        }
    }

    private func checkMemoryPolicy(_ connection: RedisConnection) throws(RedisError) {
        let policy: MemoryPolicy?
        do throws(RedisError) {
            policy = try MemoryPolicy.read(connection)
        } catch {
            if error.isConnectionLost { throw error }
            policy = nil
        }
        metrics.mayEvict.set(policy?.mayEvict == true ? 1 : 0)
        let unknown = "Redis does not tell its maxmemory-policy (INFO memory): it may evict outcomes"
        warn(.memoryPolicy, policy.map { $0.mayEvict ? $0.danger : nil } ?? unknown, .critical)
    }

    private func register(_ connection: RedisConnection) throws(RedisError) {
        let configuration = context.configuration
        let own = HostRecord(
            name: context.identity.host, build: ProgramBuild.hash, configurationHash: configuration.hash,
            gates: configuration.gates.map { "\($0.name)=\($0.mode.rawValue)" }.joined(separator: ","),
            started: started, seen: started)
        let asked = context.runtime.wallClock()
        let (hosts, time) = try registry.register(own, connection)
        compareClocks(asked, time, context.runtime.wallClock())
        metrics.hosts.set(Double(hosts.count))
        let configurations = hosts.filter { $0.configurationHash != own.configurationHash }
        let builds = hosts.filter { $0.build != own.build }
        metrics.otherConfigurations.set(Double(configurations.count))
        metrics.otherBuilds.set(Double(builds.count))
        let group = configuration.intake.group
        warn(
            .configurations,
            text(configurations, "with another configuration in group \(group) than \(own.configurationHash)") {
                "\($0.configurationHash) \($0.gates)"
            }, .critical)
        warn(.builds, text(builds, "of another build in group \(group) than \(own.build)") { $0.build }, .warning)
    }

    private func text(_ hosts: [HostRecord], _ what: String, _ own: (HostRecord) -> String) -> String? {
        guard !hosts.isEmpty else { return nil }
        let named = hosts.prefix(Self.namedHosts).map { "\($0.name) (\(own($0)))" }.joined(separator: ", ")
        return "\(hosts.count) other host\(hosts.count == 1 ? "" : "s") \(what): \(named)"
            + (hosts.count > Self.namedHosts ? ", …" : "")
    }

    /// Compares Redis' time with this host's before and after it was asked.
    private func compareClocks(_ before: Timestamp, _ redis: Timestamp, _ after: Timestamp) {
        let ahead = redis < before ? before.since(redis) : redis > after ? .zero - redis.since(after) : .zero
        metrics.clockOffset.set(Double(ahead.milliseconds) / 1_000)
        let isFar = ahead > Self.largestOffset || ahead < .zero - Self.largestOffset
        // Whole seconds, so that a clock that drifts is not told anew each time.
        let seconds = abs(ahead.milliseconds) / 1_000
        let word = ahead > .zero ? "ahead of" : "behind"
        warn(
            .clock,
            isFar ? "this host's clock is \(seconds) s \(word) Redis': records age by it" : nil,
            .critical)
    }

    /// Tells a warning that is new, and its end.
    private func warn(_ topic: HostWarnings.Topic, _ text: String?, _ level: Logger.Level) {
        let before = warnings[topic]
        guard warnings.set(topic, text) else { return }
        if let text {
            context.logger.log(level: level, "\(text)")
        } else if let before {
            context.logger.notice("no longer: \(before)")
        }
    }
}
