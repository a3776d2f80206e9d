import GateAPI

/// The exchange's clock, as an offset from the clock of this machine.
struct ServerClock: Sendable {
    /// Clocks drift, so the exchange's clock is read again after this time.
    static let lifetime: Duration = .seconds(3_600)
    /// A larger offset is treated as an error in the response.
    static let largestOffset: Duration = .seconds(86_400)
    /// From this offset on a warning is logged, because our own timestamps are wrong.
    static let notableOffset: Duration = .seconds(1)

    /// Added to our clock, in milliseconds.
    let offset: Int64
    let readAt: ContinuousClock.Instant

    /// The exchange read its clock between `sent` and `received`. The midpoint is wrong by at most half the round trip.
    init(serverTime: Int64, sent: Timestamp, received: Timestamp, readAt: ContinuousClock.Instant)
        throws(PortfolioStateFailure)
    {
        let halfway = sent.milliseconds + max(0, received.milliseconds - sent.milliseconds) / 2
        let (difference, overflow) = serverTime.subtractingReportingOverflow(halfway)
        let largest = Int64(Self.largestOffset / .milliseconds(1))
        guard !overflow, (-largest...largest).contains(difference) else {
            throw PortfolioStateFailure(
                .clockSkew,
                "the clocks of Binance and of this machine are more than \(Self.largestOffset.seconds) s apart")
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
