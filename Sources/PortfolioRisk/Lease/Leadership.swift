import Logging
import Redis
import ServiceLifecycle

/// Waits until the endpoints listen, then for the lease, and runs cycles while it holds the lease.
struct Leadership: Service {
    let keeper: LeaseKeeper
    let control: LeaseControl
    let mode: ModeControl
    let cycles: RiskLoop
    let metrics: LeaseMetrics
    let riskMetrics: RiskMetrics
    /// Ends once the endpoints listen: a service that cannot listen writes nothing.
    let listening: AsyncStream<Void>
    let logger: Logger

    func run() async throws {
        // Cancellation ends every wait early; it is not a failure.
        await cancelWhenGracefulShutdown { await terms() }
        if let term = control.term { await keeper.release(term) }
    }

    private func terms() async {
        for await _ in listening {}
        var log = LeaseLog(logger)
        while !Task.isCancelled {
            await step(&log)
            guard let term = control.term else {
                await pause()
                continue
            }
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await cycles.run() }
                await keep(term, &log)
                tasks.cancelAll()
            }
            riskMetrics.recordStandby()
        }
    }

    /// Extends the lease until it is lost, or until cycles fail for so long that another instance shall try.
    private func keep(_ term: LeaseTerm, _ log: inout LeaseLog) async {
        let start = ContinuousClock.now
        while true {
            await pause()
            guard !Task.isCancelled else { return }
            await step(&log)
            guard control.term == term else { return }
            if control.snapshot.isCycleOverdue, ContinuousClock.now - start > control.cycleLimit {
                log.logGivenUp(after: control.cycleLimit)
                await keeper.release(term)
                // Time for another instance.
                try? await Task.sleep(for: control.length * 2)
                return
            }
        }
    }

    private func step(_ log: inout LeaseLog) async {
        do throws(RedisError) {
            if let record = try await keeper.step() { log.logFollowed(record) }
            log.log(control.snapshot)
        } catch {
            log.logFailure(error)
        }
        metrics.record(control.snapshot)
        metrics.record(.modeSettings, mode.differsFromSetting)
        riskMetrics.record(mode.current)
    }

    private func pause() async {
        try? await Task.sleep(for: control.length / 3)
    }
}
