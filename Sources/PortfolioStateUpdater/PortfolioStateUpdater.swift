import GateAPI
package import Logging
package import Redis
import ServiceLifecycle
package import Telemetry

/// Keeps `quantum:state:portfolio` up to date: reads its source every few seconds and writes what it read, or nothing.
///
/// Where the source fails, or what it gave is stale, the old record is left to age out by itself: readers tell its age,
/// and fall back on what they remember.
package final class PortfolioStateUpdater: Service {
    /// The longest wait after failures in a row: within it the source is tried again, though not told so more often
    /// than it likes.
    package static let longestWait: Duration = .seconds(30)

    private let settings: PortfolioStateSettings
    private let source: any PortfolioStateSource
    private let redis: RedisSession
    private let writer: PortfolioStateWriter
    private let metrics: PortfolioStateMetrics
    private let clocks: Clocks
    private let logger: Logger

    /// Throws only where a metric cannot be registered: a registry shared with something that uses the same names.
    package init(
        settings: PortfolioStateSettings, source: any PortfolioStateSource, redis: RedisConfiguration,
        registry: MetricRegistry, logger: Logger,
        clocks: Clocks = .system
    ) throws(MetricError) {
        self.settings = settings
        self.source = source
        self.redis = RedisSession(redis)
        writer = PortfolioStateWriter(source: source.name)
        metrics = try PortfolioStateMetrics(registry, clocks: clocks)
        self.clocks = clocks
        self.logger = logger
    }

    /// Runs until a graceful shutdown or cancellation; a write in flight is completed. The first state is written at
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
                // What a shutdown interrupted has not failed.
                if Task.isCancelled { return }
                failures += 1
                wait = backoff.next()
                metrics.failed(error.reason)
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
        var reading = try await source.read()
        let now = clocks.wall()
        try requireFresh(reading, now: now)
        // Clocks differ a little; no reader should meet a state from the future.
        reading.asOf = min(reading.asOf, now)
        let written = try await redis.run { [writer, reading] connection throws(PortfolioStateFailure) in
            try writer.write(reading, to: connection)
        }
        metrics.wrote(written)
    }

    private func requireFresh(_ reading: PortfolioReading, now: Timestamp) throws(PortfolioStateFailure) {
        let age = now.since(reading.asOf)
        guard age <= settings.maximumAge else {
            throw PortfolioStateFailure(.stale(age: age, limit: settings.maximumAge), in: reading.basis)
        }
        guard age >= .zero - Inputs.clockSkewTolerance else {
            throw PortfolioStateFailure(.futureDated(by: .zero - age), in: reading.basis)
        }
    }
}
