import GateAPI
import TradingState

/// The record `quantum:portfolio:equity_peak`: the highest equity and its time. It has no TTL, so that the drawdown
/// survives restarts.
///
/// A withdrawal looks like a loss, and a deposit like a profit, unless an operator announces them: ``EquityAdjustment``.
struct EquityPeak: StateRecord, Equatable {
    static let key = "quantum:portfolio:equity_peak"
    static let keys: [RecordKey] = [.single(key)]

    /// In USD, positive.
    let peak: Amount
    let reachedAt: Timestamp
    /// An equity far above the peak that is no peak yet.
    var rise: Rise?

    /// States far above the peak, in a row.
    struct Rise: Equatable {
        var equity: Amount
        var samples: Int
        var takenAt: Timestamp
    }

    /// A rise of more than this share of the peak must be seen in ``samples`` states that agree to that share.
    static let largestStep = Amount(percent: 25)
    static let samples = 3

    var timestamp: Timestamp? { reachedAt }

    init(peak: Amount, reachedAt: Timestamp, rise: Rise? = nil) {
        self.peak = peak
        self.reachedAt = reachedAt
        self.rise = rise
    }

    init(fields: Fields) throws(InputFailure) {
        peak = try fields.required("peak_usd")
        guard peak.isPositive else { throw .malformed(field: "peak_usd") }
        reachedAt = try fields.timestamp("timestamp")
        rise = Rise(fields: fields)
    }

    /// Without a rise its fields are not there: the writer replaces the record.
    var fields: [(name: String, value: String)] {
        let peak = [("peak_usd", peak.description), ("timestamp", String(reachedAt.milliseconds / 1_000))]
        return (peak + (rise?.fields ?? [])).map { (name: $0.0, value: $0.1) }
    }

    /// The peak after a new equity: unchanged, raised, or nil if there was never a positive equity.
    /// - Parameter confirmsRises: whether an equity far above the peak must be seen several times first, so that one
    ///   absurd state makes no drawdown.
    static func after(
        _ previous: EquityPeak?, equity: Amount, at time: Timestamp, confirmsRises: Bool = false
    ) -> EquityPeak? {
        guard var peak = previous, equity <= peak.peak else {
            guard confirmsRises, var peak = previous, isFar(equity, from: peak.peak) else {
                return equity.isPositive ? EquityPeak(peak: equity, reachedAt: time) : nil
            }
            let rise = Rise(equity: equity, samples: 1, takenAt: time)
            peak.rise = peak.rise.flatMap { $0.followed(by: rise) } ?? rise
            return peak.rise?.samples ?? 0 < samples ? peak : EquityPeak(peak: equity, reachedAt: time)
        }
        peak.rise = nil
        return peak
    }

    fileprivate static func isFar(_ equity: Amount, from reference: Amount) -> Bool {
        EquityJump.lies(between: reference, and: equity, beyond: largestStep)
    }

    /// The drawdown from the peak, in 0...1; 1 without a positive equity.
    func drawdown(at equity: Amount) throws(AmountError) -> Amount {
        guard equity < peak else { return .zero }
        guard equity.isPositive else { return .one }
        return min(try (peak - equity).divided(by: peak).rounded(toDecimals: 8, .toNearest), .one)
    }
}

extension EquityPeak.Rise {
    init?(fields: Fields) {
        guard let equity = try? fields.required("rise_usd"), let takenAt = try? fields.timestamp("rise_timestamp"),
            let samples = fields["rise_samples"].flatMap({ Int($0) }), samples > 0
        else { return nil }
        self.init(equity: equity, samples: samples, takenAt: takenAt)
    }

    var fields: [(String, String)] {
        [
            ("rise_usd", equity.description), ("rise_samples", String(samples)),
            ("rise_timestamp", String(takenAt.milliseconds / 1_000)),
        ]
    }

    /// The rise with one state more; `nil` if that does not agree. The same state, read again, counts once.
    func followed(by next: Self) -> Self? {
        guard !EquityPeak.isFar(next.equity, from: equity) else { return nil }
        guard next.takenAt.milliseconds / 1_000 > takenAt.milliseconds / 1_000 else { return self }
        return Self(equity: next.equity, samples: samples + 1, takenAt: next.takenAt)
    }
}
