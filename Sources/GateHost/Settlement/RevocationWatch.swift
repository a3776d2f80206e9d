import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// Watches the records that take permits back, such as the kill switches, and takes back what is live when one is set.
///
/// A plan that was judged just before may still get its permit just after, so the watch goes on taking back while the
/// switch is set.
final class RevocationWatch {
    private let context: IntakeContext
    private let switches: WatchedSwitches
    private let stop: StopSignal
    private let revoker: PermitRevoker

    private static let interval: Duration = .milliseconds(100)
    /// The time between two searches for permits that came after the switch was set.
    private static let repetition: Duration = .seconds(1)

    init(context: IntakeContext, switches: [any RevokingRecord.Type], stop: StopSignal) {
        self.context = context
        self.switches = WatchedSwitches(switches)
        self.stop = stop
        revoker = PermitRevoker(context.configuration)
    }

    /// Returns when it is told to stop.
    func run() {
        let sessions = ReconnectingLoop(
            redis: context.configuration.redis, stop: stop, runtime: context.runtime
        ) { [context] error, wait in
            context.logger.warning(
                "switches that take permits back are not watched",
                metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.run { (connection, ready) throws(RedisError) in
            let feed = try feed(connection)
            defer { feed?.close() }
            var set: Set<InputKey> = []
            // Only switches of live permits matter: all others stop plans before they get one.
            var looks = feed == nil ? [] : switches.keys(try revoker.live(connection))
            var next: UInt64 = 0
            while !stop.isStopping {
                looks.formUnion(try changes(feed, connection))
                let before = set
                set = try revoking(looks.union(set).union(switches.shared), connection)
                looks = []
                ready()
                let added = set.subtracting(before)
                if !added.isEmpty { try revoke(added, connection, isNew: true) }
                if !set.isEmpty, Monotonic.nanoseconds() >= next {
                    try revoke(set, connection, isNew: false)
                    next = Monotonic.nanoseconds() &+ Self.repetition.nanoseconds
                }
                stop.wait(Self.interval)
            }
        }
    }

    /// The feed of changed switches of symbols and sources; `nil` if there are none, or if Redis reports no changes.
    private func feed(_ connection: RedisConnection) throws(RedisError) -> InvalidationFeed? {
        guard !switches.prefixes.isEmpty else { return nil }
        do throws(RedisError) {
            return try InvalidationFeed(
                commands: connection, prefixes: switches.prefixes, connect: context.runtime.connect)
        } catch {
            guard !error.isConnectionLost else { throw error }
            context.logger.warning(
                "switches of symbols and sources stop plans, but take permits back only by `gatehost kill`",
                metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func changes(_ feed: InvalidationFeed?, _ connection: RedisConnection) throws(RedisError) -> Set<InputKey> {
        guard let feed else { return [] }
        var fence = RedisPipeline()
        let number = feed.encodeFence(into: &fence)
        if let error = try connection.send(fence).first?.error { throw RedisError(error) }
        guard case .keys(let names) = try feed.changes(upTo: number) else { return [] }
        return Set(
            names.compactMap { name in
                if let key = switches.key(named: name) { return key }
                context.logger.warning(
                    "no plan can have this switch: symbols are upper case", metadata: ["key": "\(name)"])
                return nil
            })
    }

    private func revoke(
        _ set: Set<InputKey>, _ connection: RedisConnection, isNew: Bool
    ) throws(RedisError) {
        let revoked = try revoker.revoke(connection, of: RevocationScope(set), recent: isNew ? nil : .seconds(5))
        context.metrics.revoked.increment(by: revoked)
        guard isNew || revoked > 0 else { return }
        let keys = set.flatMap(\.redisKeys).sorted()
        context.logger.critical(
            "a switch takes permits back",
            metadata: ["permits": "\(revoked)", "switches": "\(keys.prefix(20).joined(separator: ","))"])
    }

    private func revoking(_ keys: Set<InputKey>, _ connection: RedisConnection) throws(RedisError) -> Set<InputKey> {
        let keys = Array(keys)
        let reader = InputReader()
        var commands = RedisPipeline()
        reader.encode(keys, into: &commands)
        let inputs = reader.decode(keys, try connection.send(commands), now: context.decisionTime()).inputs
        return Set(keys.filter { inputs.box(for: $0)?.isRevoking == true })
    }
}
