import GateAPI

/// Decides when the next request may be sent. Requests after a 429 response lead to a ban, and requests during a ban
/// prolong it.
struct RequestPause: Sendable {
    /// Rate limits are counted by the minute, so a longer `Retry-After` is a mistake or hostile.
    static let longestRateLimit: Duration = .seconds(600)
    /// The longest documented ban.
    static let longestBan: Duration = .seconds(3 * 86_400)
    /// The shortest documented ban. It doubles with each ban of unknown length.
    static let shortestBan: Duration = .seconds(120)
    static let defaultRateLimit: Duration = .seconds(60)
    static let shortestPause: Duration = .seconds(1)
    /// In percent of the weight limit. Beyond it, the rest of the minute is left to other programs.
    static let usableWeight = 90

    private var until: ContinuousClock.Instant?
    private var reason = PortfolioStateFailure.Reason.rateLimited
    private var defaultBan = Self.shortestBan

    /// Throws during a pause.
    mutating func check(at now: ContinuousClock.Instant) throws(PortfolioStateFailure) {
        guard let until else { return }
        guard now >= until else {
            let cause = reason == .banned ? "this address is banned" : "the rate limit is reached"
            throw PortfolioStateFailure(
                reason,
                "requests to Binance pause for another \(now.duration(to: until).seconds) s: \(cause)")
        }
        self.until = nil
    }

    /// Starts a pause after a refusal that demands one.
    ///
    /// - Parameter retryAfter: the wait that the exchange demands, if it says so.
    mutating func recordRefusal(
        _ reason: PortfolioStateFailure.Reason, retryAfter: Duration?, at now: ContinuousClock.Instant
    ) {
        switch reason {
        case .rateLimited:
            pause(reason, min(retryAfter ?? Self.defaultRateLimit, Self.longestRateLimit), from: now)
        case .banned:
            pause(reason, min(retryAfter ?? defaultBan, Self.longestBan), from: now)
            if retryAfter == nil { defaultBan = min(defaultBan * 2, Self.longestBan) }
        default: break
        }
    }

    /// The reason and rest of the pause that a refusal has started; `nil` without one.
    func rest(at now: ContinuousClock.Instant) -> (reason: PortfolioStateFailure.Reason, rest: Duration)? {
        guard let until, now < until else { return nil }
        return (reason, now.duration(to: until))
    }

    /// Continues a pause from before a restart, unless a longer one is under way.
    mutating func resume(
        _ reason: PortfolioStateFailure.Reason, _ rest: Duration, at now: ContinuousClock.Instant
    ) {
        if let until, until >= now + rest { return }
        pause(reason, min(rest, Self.longestBan), from: now)
    }

    /// Starts a pause if the minute's weight is nearly used up. A successful response ends a series of bans.
    mutating func record(usedWeight: Int?, limit: Int, restOfMinute: Duration, at now: ContinuousClock.Instant) {
        defaultBan = Self.shortestBan
        guard let usedWeight, usedWeight >= limit / 100 * Self.usableWeight else { return }
        pause(.rateLimited, min(restOfMinute, Self.defaultRateLimit), from: now)
    }

    private mutating func pause(
        _ reason: PortfolioStateFailure.Reason, _ duration: Duration, from now: ContinuousClock.Instant
    ) {
        until = now + max(duration, Self.shortestPause)
        self.reason = reason
    }
}
