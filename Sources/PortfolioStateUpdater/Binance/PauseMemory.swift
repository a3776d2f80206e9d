import GateAPI
import Logging
import Redis
import TradingState

/// Remembers in Redis that the exchange has banned this address or limits its requests: `quantum:portfolio:exchange_pause`,
/// the reason and the end in epoch seconds, which expires at that end. A restarted updater would otherwise send a request
/// each time, and each prolongs the ban.
struct PauseMemory: Sendable {
    static let key = "quantum:portfolio:exchange_pause"

    let redis: RedisSession
    let logger: Logger

    /// The rest of the pause, by the clock of Redis. Throws if Redis does not answer: then nothing is known.
    func load() async throws(PortfolioStateFailure) -> (reason: PortfolioStateFailure.Reason, rest: Duration)? {
        let (value, rest) = try await redis.run { connection throws(PortfolioStateFailure) in
            var pipeline = RedisPipeline()
            pipeline.add("GET", Self.key)
            pipeline.add("PTTL", Self.key)
            let replies = try connection.exchange(pipeline)
            guard replies.count == 2 else { throw PortfolioStateFailure(.redis, "Redis did not answer") }
            // An error leaves it unknown whether there is a ban.
            if let error = replies[0].error ?? replies[1].error {
                throw PortfolioStateFailure(.redis, "\(Self.key) cannot be read: \(error)")
            }
            return (replies[0].text, replies[1].integer ?? 0)
        }
        guard let value else { return nil }
        let word = value.split(separator: " ").first.map(String.init) ?? ""
        // Without an expiry, or with another reason, somebody else has written it; it counts as the shortest ban.
        return (
            PortfolioStateFailure.Reason(rawValue: word) ?? .banned,
            rest >= 0 ? .milliseconds(rest) : RequestPause.shortestBan
        )
    }

    /// - Parameter end: the end by our clock, for people.
    func save(_ reason: PortfolioStateFailure.Reason, _ rest: Duration, end: Timestamp) async {
        let milliseconds = max(1, Int64(rest / .milliseconds(1)))
        do throws(PortfolioStateFailure) {
            try await redis.run { connection throws(PortfolioStateFailure) in
                var pipeline = RedisPipeline()
                pipeline.add(
                    "SET", Self.key, "\(reason.rawValue) until \(end.milliseconds / 1_000)", "PX", "\(milliseconds)")
                if let error = try connection.exchange(pipeline).first?.error {
                    throw PortfolioStateFailure(.redis, "\(error)")
                }
            }
        } catch {
            logger.error(
                "the pause that the exchange demands is not remembered: do not restart before its end",
                metadata: ["end": "\(end.milliseconds / 1_000)", "error": "\(error)"])
        }
    }
}
