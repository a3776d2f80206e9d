import GateAPI
package import Logging
package import Redis
import ServiceLifecycle
package import Telemetry

/// Keeps `quantum:state:portfolio` up to date: reads its source every few seconds and writes the reading, or nothing.
///
/// If the source fails or its reading is stale, the old record stays and ages. Readers check its age and fall back on
/// the last known good state.
package final class PortfolioStateUpdater: Service {
    /// The longest back-off after consecutive failures. A source may pause for longer by itself.
    package static let longestWait: Duration = .seconds(30)

    private let settings: PortfolioStateSettings
    private let source: any PortfolioStateSource
    private let redis: RedisSession
    private let writer: PortfolioStateWriter
    private let metrics: PortfolioStateMetrics
    private let exclusionLog: ExclusionLog
    private let mayWrite: @Sendable () -> Bool
    private let clocks: Clocks
    private let logger: Logger

    /// Throws only if a metric cannot be registered, because the registry already has the name.
    ///
    /// - Parameter mayWrite: whether this instance is the one that writes; asked before each reading.
    package init(
        settings: PortfolioStateSettings, source: any PortfolioStateSource, redis: RedisConfiguration,
        registry: MetricRegistry, mayWrite: @escaping @Sendable () -> Bool = { true }, logger: Logger,
        clocks: Clocks = .system
    ) throws(MetricError) {
        self.settings = settings
        self.source = source
        self.redis = RedisSession(redis)
        writer = PortfolioStateWriter(source: source.name, confirmsRises: true)
        metrics = try PortfolioStateMetrics(registry, clocks: clocks)
        exclusionLog = ExclusionLog(logger)
        self.mayWrite = mayWrite
        self.clocks = clocks
        self.logger = logger
    }

    /// Runs until a graceful shutdown or cancellation, and completes a write in flight. It writes the first state at
    /// once.
    package func run() async {
        logger.info(
            "portfolio state updater starts",
            metadata: [
                "source": "\(source.name)", "interval_s": "\(settings.interval.seconds)",
                "max_age_s": "\(settings.maximumAge.seconds)",
            ])
        await cancelWhenGracefulShutdown { await self.loop() }
        await source.close()
        await redis.close()
        logger.info("portfolio state updater stopped")
    }

    private func loop() async {
        var backoff = Backoff(initial: settings.interval, maximum: max(settings.interval, Self.longestWait))
        var failures = 0
        while !Task.isCancelled {
            let start = clocks.steady()
            var wait = settings.interval
            do throws(PortfolioStateFailure) {
                try await cycle()
                if failures > 0 {
                    logger.info("the portfolio state is written again", metadata: ["failed_cycles": "\(failures)"])
                }
                failures = 0
                backoff.reset()
                wait -= start.duration(to: clocks.steady())
            } catch {
                // A read that a shutdown interrupts is not a failure.
                if Task.isCancelled { return }
                failures += 1
                wait = backoff.next()
                metrics.recordFailure(error.reason)
                logger.error(
                    "no portfolio state is written; the last one ages",
                    metadata: [
                        "reason": "\(error.reason.rawValue)", "error": "\(error)", "failed_cycles": "\(failures)",
                        "retry_in_s": "\(wait.seconds)",
                    ])
            }
            if wait > .zero { try? await Task.sleep(for: wait) }
        }
    }

    private func cycle() async throws(PortfolioStateFailure) {
        guard mayWrite() else { return }
        var reading = try await source.read()
        let now = clocks.wall()
        for index in reading.inputs.indices {
            try requireFresh(reading.inputs[index], now: now)
            // Clocks differ slightly; readers should not see a state from the future.
            reading.inputs[index].takenAt = min(reading.inputs[index].takenAt, now)
        }
        let written = try await redis.run { [writer, reading] connection throws(PortfolioStateFailure) in
            try writer.write(reading, to: connection)
        }
        metrics.recordWrite(written)
        exclusionLog.log(reading.exclusions)
    }

    private func requireFresh(_ input: DatedInput, now: Timestamp) throws(PortfolioStateFailure) {
        let age = now.since(input.takenAt)
        let limit = input.limit ?? settings.maximumAge
        guard age <= limit else { throw PortfolioStateFailure(.stale(age: age, limit: limit), in: input.name) }
        guard age >= .zero - Inputs.clockSkewTolerance else {
            throw PortfolioStateFailure(.futureDated(by: .zero - age), in: input.name)
        }
    }
}
