import GateAPI

/// When the exchange may be asked again. To go on after 429 turns into a ban, and a ban that is not respected grows.
struct RequestPause: Sendable {
    /// A limit is counted by the minute, so no rate limit needs longer; what says so is mistaken, or hostile.
    static let longestLimit: Duration = .seconds(600)
    /// The longest ban that is documented.
    static let longestBan: Duration = .seconds(3 * 86_400)
    /// The shortest ban that is documented; doubled each time where the exchange does not say how long it is.
    static let shortestBan: Duration = .seconds(120)
    static let defaultLimit: Duration = .seconds(60)
    static let shortest: Duration = .seconds(1)
    /// In percent: beyond this much of the weight limit, the rest of the minute is left to others.
    static let usableWeight = 90

    private var until: ContinuousClock.Instant?
    private var reason = PortfolioStateFailure.Reason.rateLimited
    private var untoldBan = Self.shortestBan

    /// Throws while a pause lasts.
    mutating func check(at now: ContinuousClock.Instant) throws(PortfolioStateFailure) {
        guard let until else { return }
        guard now >= until else {
            let what = reason == .banned ? "this address is banned" : "the rate limit is reached"
            throw PortfolioStateFailure(
                reason, "Binance is not asked for another \(now.duration(to: until).seconds) s: \(what)")
        }
        self.until = nil
    }

    /// Draws the consequences of a refusal. `retryAfter`: what the exchange asks for.
    mutating func note(_ reason: PortfolioStateFailure.Reason, retryAfter: Duration?, at now: ContinuousClock.Instant) {
        switch reason {
        case .rateLimited:
            pause(reason, min(retryAfter ?? Self.defaultLimit, Self.longestLimit), from: now)
        case .banned:
            pause(reason, min(retryAfter ?? untoldBan, Self.longestBan), from: now)
            if retryAfter == nil { untoldBan = min(untoldBan * 2, Self.longestBan) }
        default: break
        }
    }

    /// Draws the consequences of what the exchange says has been used of the minute's weight. An answer without a
    /// refusal ends a series of bans.
    mutating func note(usedWeight: Int?, limit: Int, restOfMinute: Duration, at now: ContinuousClock.Instant) {
        untoldBan = Self.shortestBan
        guard let usedWeight, usedWeight >= limit / 100 * Self.usableWeight else { return }
        pause(.rateLimited, min(restOfMinute, Self.defaultLimit), from: now)
    }

    private mutating func pause(
        _ reason: PortfolioStateFailure.Reason, _ duration: Duration, from now: ContinuousClock.Instant
    ) {
        until = now + max(duration, Self.shortest)
        self.reason = reason
    }
}
