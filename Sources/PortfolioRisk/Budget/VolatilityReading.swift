package import GateAPI

/// The volatility component of the stress, from a market record.
package struct VolatilityReading: Sendable, Equatable {
    package let stress: Ratio
    /// The record holds an unusable value, so the normal stress stands in.
    package let isMalformed: Bool

    static let extreme = ratio(1_000_000)
    static let high = ratio(670_000)
    static let normal = ratio(330_000)
    static let low = Ratio.zero

    private static func ratio(_ millionths: Int64) -> Ratio { Ratio(Amount(units: millionths, decimals: 6)) }

    /// For a symbol without a market record.
    package static let absent = VolatilityReading(stress: normal, isMalformed: false)
    static let malformed = VolatilityReading(stress: normal, isMalformed: true)

    private init(stress: Ratio, isMalformed: Bool) {
        self.stress = stress
        self.isMalformed = isMalformed
    }

    /// The regime name takes precedence over sigma. `NORMAL_VOL` matches no level, so sigma decides.
    package init(fields: Fields) {
        let regime = (fields["vol_regime"] ?? "").uppercased()
        if regime.contains("EXTREME") {
            self.init(stress: Self.extreme, isMalformed: false)
        } else if regime.contains("HIGH") {
            self.init(stress: Self.high, isMalformed: false)
        } else if regime.contains("LOW") {
            self.init(stress: Self.low, isMalformed: false)
        } else if let text = fields["sigma"], !text.isEmpty {
            self.init(sigma: text)
        } else {
            self = .absent
        }
    }

    private init(sigma text: String) {
        guard let sigma = try? Ratio(text), sigma >= .zero else {
            self = .malformed
            return
        }
        let stress =
            sigma > Self.ratio(30_000)
            ? Self.extreme : sigma > Self.ratio(20_000) ? Self.high : sigma < Self.ratio(5_000) ? Self.low : Self.normal
        self.init(stress: stress, isMalformed: false)
    }
}
