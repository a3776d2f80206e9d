package import GateAPI

/// The heat of a portfolio in three words.
package enum HeatBucket: String, Sendable, CaseIterable {
    case cold = "COLD"
    case warm = "WARM"
    case hot = "HOT"

    /// Cold below `warm`, warm below `hot`, else hot.
    package init(heat: Amount, warm: Amount, hot: Amount) {
        self = heat < warm ? .cold : heat < hot ? .warm : .hot
    }
}

extension PortfolioHeat {
    /// The contract's seven fields.
    /// - Parameters:
    ///   - totalRisk: Σ |notional| · σ, in USD.
    ///   - positions: the number of positions.
    ///   - source: the source of the heat.
    package func fields(bucket: HeatBucket, totalRisk: Amount, positions: Int, source: String) -> [(
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
