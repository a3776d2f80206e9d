import GateAPI
import TradingState

/// Blocks new exposure in volatile markets.
struct VolatilityCap: Gate {
    struct Settings: GateSettings {
        @Setting(
            "Highest volatility per period at which positions are opened", unit: "ratio", in: 0...10,
            default: Amount(percent: 5))
        var limit: Amount
    }

    enum Reason: String, ReasonCode {
        case tooVolatile = "market_too_volatile"
        var summary: String { "The market's volatility is above the limit." }
    }

    static let name = "volatility-cap"
    static let summary = "Blocks new exposure in volatile markets."
    static let records: [any StateRecord.Type] = [MarketState.self]

    private let settings: Settings

    init(settings: Settings) { self.settings = settings }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard intent.opens, let sigma = try inputs.record(MarketState.self, intent.symbol).sigma else { return .pass }
        evidence.add("sigma", sigma)
        evidence.add("limit", settings.limit)
        return sigma > settings.limit ? .block(.tooVolatile) : .pass
    }
}
