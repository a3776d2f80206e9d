package import GateAPI
package import TradingState

/// The record `quantum:portfolio:heat`.
package struct HeatRecord: Sendable, Equatable {
    package enum Source: String, Sendable {
        case positions
        case exporter
    }

    static let key = "quantum:portfolio:heat"
    static let lifetime = 300

    package let heat: PortfolioHeat
    package let bucket: HeatBucket
    package let totalRisk: Amount
    package let positions: Int
    package let source: Source

    package var fields: [(name: String, value: String)] {
        heat.fields(bucket: bucket, totalRisk: totalRisk, positions: positions, source: source.rawValue)
    }
}
