import GateAPI
import Logging
import Redis

/// Runs a cycle at once and then every interval, until it is cancelled. No step of a cycle begins after that.
struct RiskLoop: Sendable {
    let engine: RiskEngine
    let heat: HeatReader
    let interval: Duration
    let logger: Logger

    func run() async {
        // Cancellation ends the wait between two cycles early; it is not a failure.
        try? await loop()
    }

    private func loop() async throws {
        let clock = ContinuousClock()
        var backoff = Backoff()
        var next = clock.now
        while true {
            let source = await heat.read()
            try Task.checkCancellation()
            do throws(RedisError) {
                try await engine.cycle(heat: source)
                backoff.reset()
                // Missed cycles are skipped.
                next = max(next.advanced(by: interval), clock.now)
            } catch {
                try Task.checkCancellation()
                let wait = min(backoff.next(), interval)
                logger.error("budgets could not be computed", metadata: ["error": "\(error)", "retry_in": "\(wait)"])
                next = clock.now.advanced(by: wait)
            }
            try await clock.sleep(until: next)
        }
    }
}
