import GateAPI

/// The exchange's clock, reckoned from ours.
struct ServerClock: Sendable {
    /// Clocks drift; so it is asked for again.
    static let lifetime: Duration = .seconds(3_600)
    /// No machine's clock is further off; an answer that says so is no time.
    static let largestOffset: Duration = .seconds(86_400)
    /// From here on, readers of our own timestamps should be told that the machine's clock is off.
    static let notableOffset: Duration = .seconds(1)

    /// What to add to our clock, in milliseconds.
    let offset: Int64
    let readAt: ContinuousClock.Instant

    /// The exchange read its clock somewhere between sending and receiving: halfway is the best guess, wrong by half
    /// the round trip at most.
    init(serverTime: Int64, sent: Timestamp, received: Timestamp, readAt: ContinuousClock.Instant)
        throws(PortfolioStateFailure)
    {
        let halfway = sent.milliseconds + max(0, received.milliseconds - sent.milliseconds) / 2
        let (difference, overflow) = serverTime.subtractingReportingOverflow(halfway)
        let largest = Int64(Self.largestOffset / .milliseconds(1))
        guard !overflow, (-largest...largest).contains(difference) else {
            throw PortfolioStateFailure(
                .clockSkew,
                "the clock of Binance and this machine's are more than \(Self.largestOffset.seconds) s apart")
        }
        offset = difference
        self.readAt = readAt
    }

    var isNotable: Bool { abs(offset) >= Int64(Self.notableOffset / .milliseconds(1)) }

    func isDue(at now: ContinuousClock.Instant) -> Bool { readAt.duration(to: now) >= Self.lifetime }

    /// Milliseconds of the exchange's clock when ours says `local`.
    func milliseconds(at local: Timestamp) -> Int64 {
        // Timestamps are microseconds in 64 bits and the offset is bounded: the sum fits.
        local.milliseconds + offset
    }

    func restOfMinute(at local: Timestamp) -> Duration {
        .milliseconds(60_000 - ((milliseconds(at: local) % 60_000) + 60_000) % 60_000)
    }
}
