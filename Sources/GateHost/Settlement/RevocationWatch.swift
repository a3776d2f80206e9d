import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// Watches the records that take permits back, such as the kill switch, and takes back what is live when one is set.
///
/// A plan that was judged just before may still get its permit just after, so the watch goes on taking back while the
/// switch is set.
final class RevocationWatch {
    private let context: IntakeContext
    private let switches: [any RevokingRecord.Type]
    private let stop: StopSignal
    private let revoker: PermitRevoker

    private static let interval: Duration = .milliseconds(100)
    /// The time between two searches for permits that came after the switch was set.
    private static let repetition: Duration = .seconds(1)

    init(context: IntakeContext, switches: [any RevokingRecord.Type], stop: StopSignal) {
        self.context = context
        self.switches = switches
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
            var isSet = false
            var next: UInt64 = 0
            while !stop.isStopping {
                let was = isSet
                isSet = try isAnySet(connection)
                ready()
                if isSet, !was || Monotonic.nanoseconds() >= next {
                    try revoke(connection, isNew: !was)
                    next = Monotonic.nanoseconds() &+ Self.repetition.nanoseconds
                }
                stop.wait(Self.interval)
            }
        }
    }

    private func revoke(_ connection: RedisConnection, isNew: Bool) throws(RedisError) {
        let revoked = try revoker.revoke(connection, recent: isNew ? nil : .seconds(5))
        context.metrics.revoked.increment(by: revoked)
        guard isNew || revoked > 0 else { return }
        context.logger.critical(
            "a switch takes permits back",
            metadata: ["permits": "\(revoked)", "switches": "\(switches.map { "\($0)" }.joined(separator: ","))"])
    }

    private func isAnySet(_ connection: RedisConnection) throws(RedisError) -> Bool {
        let keys = switches.map { InputKey($0, perSymbol: nil) }
        let reader = InputReader()
        var commands = RedisPipeline()
        reader.encode(keys, into: &commands)
        let inputs = reader.decode(keys, try connection.send(commands), now: context.decisionTime()).inputs
        return keys.contains { inputs.box(for: $0)?.isRevoking == true }
    }
}
