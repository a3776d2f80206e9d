import GateAPI

/// The record `quantum:portfolio:equity_peak`: the highest equity and its time. It has no TTL, so that the drawdown
/// survives restarts.
///
/// A withdrawal looks like a loss, and a deposit like a profit. After either, or after a change of source, the operator
/// deletes the key; the next cycle starts a new peak at the equity of that time.
struct EquityPeak: StateRecord, Equatable {
    static let key = "quantum:portfolio:equity_peak"
    static let keys: [RecordKey] = [.single(key)]

    /// In USD, positive.
    let peak: Amount
    let reachedAt: Timestamp

    var timestamp: Timestamp? { reachedAt }

    init(peak: Amount, reachedAt: Timestamp) {
        self.peak = peak
        self.reachedAt = reachedAt
    }

    init(fields: Fields) throws(InputFailure) {
        peak = try fields.required("peak_usd")
        guard peak.isPositive else { throw .malformed(field: "peak_usd") }
        reachedAt = try fields.timestamp("timestamp")
    }

    var fields: [(name: String, value: String)] {
        [("peak_usd", peak.description), ("timestamp", String(reachedAt.milliseconds / 1_000))]
    }

    /// The peak after a new equity: unchanged, raised, or nil if there was never a positive equity.
    static func after(_ previous: EquityPeak?, equity: Amount, at time: Timestamp) -> EquityPeak? {
        guard equity > previous?.peak ?? .zero else { return previous }
        return EquityPeak(peak: equity, reachedAt: time)
    }

    /// The drawdown from the peak, in 0...1; 1 without a positive equity.
    func drawdown(at equity: Amount) throws(AmountError) -> Amount {
        guard equity < peak else { return .zero }
        guard equity.isPositive else { return .one }
        return min(try (peak - equity).divided(by: peak).rounded(toDecimals: 8, .toNearest), .one)
    }
}
