import GateAPI

/// `quantum:portfolio:equity_peak`: the highest equity seen, and when. It has no TTL, so that drawdown survives
/// restarts.
///
/// Money taken out looks like a loss, and money put in like a profit: after a deposit or a withdrawal, or a change of
/// source, the operator deletes the key, and the next cycle starts a new peak at the equity of then.
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

    /// The peak after an equity was seen: the same one, a new one, or none where there never was any equity.
    static func after(_ previous: EquityPeak?, equity: Amount, at time: Timestamp) -> EquityPeak? {
        guard equity > previous?.peak ?? .zero else { return previous }
        return EquityPeak(peak: equity, reachedAt: time)
    }

    /// How far the equity lies below the peak, in 0...1; 1 where nothing, or less, is left.
    func drawdown(at equity: Amount) throws(AmountError) -> Amount {
        guard equity < peak else { return .zero }
        guard equity.isPositive else { return .one }
        return min(try (peak - equity).divided(by: peak), .one)
    }
}
