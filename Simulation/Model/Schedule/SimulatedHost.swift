import Deployment
import GateAPI
import GateHost
import Redis

/// A host of a schedule: the real intake, on a thread that runs only in the host's turns.
///
/// Safe: only the schedule's running thread uses the host, and exactly one thread runs.
final class SimulatedHost: @unchecked Sendable {
    let number: Int
    let consumer: String
    let thread: HostThread
    private(set) var intake: DetachedIntake?
    unowned let schedule: Schedule
    private(set) var hasCrashed = false
    var isStopping = false
    var state = State.ready

    enum State {
        /// Resumed when the schedule chooses it.
        case ready
        /// Waits for bytes until a virtual time in milliseconds.
        case receiving(Link, until: Int64)
        case pausing(until: Int64)
    }

    init(_ number: Int, consumer: String, thread: HostThread, _ schedule: Schedule) {
        self.number = number
        self.consumer = consumer
        self.thread = thread
        self.schedule = schedule
    }

    var name: String { "host-\(number)" }

    /// - Parameter smallestTransaction: the size from which a batch is committed in a transaction.
    func start(_ configuration: HostConfiguration, _ deployment: Deployment, smallestTransaction: Int) {
        var runtime = HostRuntime(
            connect: { [unowned self] (configuration) throws(RedisError) in try connect(configuration) },
            wallClock: { [unowned self] in Timestamp(milliseconds: schedule.server.time) },
            monotonic: { [unowned self] in schedule.monotonic() },
            pause: { [unowned self] _ in pause() })
        runtime.smallestTransaction = smallestTransaction
        intake = DetachedIntake(
            configuration: configuration, identity: HostIdentity(host: name, consumer: consumer),
            pipeline: deployment.pipeline, containment: deployment.containment, metrics: deployment.metrics,
            runtime: runtime)
        thread.prepare { [self] in
            intake?.run()
            // Breaks a retain cycle: the state may hold a link, and links hold their host.
            state = .ready
            schedule.finished(self)
        }
    }

    func stop() {
        isStopping = true
        intake?.stop()
        if case .pausing = state { state = .ready }
    }

    /// Cuts the host off: every call fails at once, until its thread has left it.
    func crash() {
        hasCrashed = true
        intake?.stop()
        state = .ready
    }

    private func connect(_ configuration: RedisConfiguration) throws(RedisError) -> RedisConnection {
        guard !hasCrashed, !schedule.refusesConnection(self) else {
            throw RedisError(code: .connectionRefused, message: "refused")
        }
        return try RedisConnection(configuration, over: schedule.connect(self))
    }

    /// The schedule chooses the time, because the host's own back-off is random.
    private func pause() {
        guard !hasCrashed, !isStopping else { return }
        state = .pausing(until: schedule.server.time + Int64(schedule.random.number(10...300)))
        schedule.yield(self)
    }
}
