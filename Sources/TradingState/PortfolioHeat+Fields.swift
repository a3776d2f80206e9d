public import GateAPI

/// How hot a portfolio is, in three words.
public enum HeatBucket: String, Sendable, CaseIterable {
    case cold = "COLD"
    case warm = "WARM"
    case hot = "HOT"

    /// Below `warm` it is cold, below `hot` it is warm.
    public init(heat: Amount, warm: Amount, hot: Amount) {
        self = heat < warm ? .cold : heat < hot ? .warm : .hot
    }
}

extension PortfolioHeat {
    /// The record as it is written: the contract's seven fields.
    /// - Parameters:
    ///   - totalRisk: Σ |notional| · σ, in USD.
    ///   - positions: how many positions it was computed from.
    ///   - source: where the heat comes from.
    public func fields(bucket: HeatBucket, totalRisk: Amount, positions: Int, source: String) -> [(
        name: String, value: String
    )] {
        [
            ("heat", heat.description), ("bucket", bucket.rawValue), ("equity_usd", equity.description),
            ("total_risk_usd", totalRisk.description),
            ("positions", String(positions)), ("timestamp", String(computedAt.milliseconds / 1_000)),
            ("source", source),
        ]
    }
}
