public import GateAPI
public import TradingState

extension HeatGate {
    public struct Settings: GateSettings {
        @Setting(
            "Oldest heat record that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400),
            default: .seconds(300))
        public var maxAge: Duration
        public var position = PositionSettings()
        public var price = PriceSettings()
        @Setting(
            "Projected heat from which new exposure is made smaller", unit: "ratio", in: 0...100,
            default: Amount(percent: 25), variable: "HEAT_MIN")
        public var warm: Amount
        @Setting(
            "Projected heat from which new exposure is blocked", unit: "ratio", in: 0...100,
            default: Amount(percent: 65), variable: "HEAT_MAX")
        public var hot: Amount
        @Setting(
            "Part of the order's quantity that is left when warm", unit: "ratio", in: Amount(percent: 1)...1,
            default: Amount(percent: 50))
        public var warmScale: Amount
        @Setting(
            "Volatility of symbols whose market state has none", unit: "ratio", in: 0...10,
            default: Amount(percent: 1))
        public var defaultSigma: Amount
        @Setting(
            "Turn full closes into PARTIAL_25 when cold and PARTIAL_75 when warm; not closing is a risk too",
            default: false)
        public var moderateFullCloses: Bool
        @Setting("Count what is permitted and not yet in the position, from the exposure ledger", default: true)
        public var reserve: Bool

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case hot = "p26_heat_hot"
        case warm = "p26_heat_warm"
        case closeOnly = "p26_close_only"
        case closeModeratedCold = "portfolio_heat_cold"
        case closeModeratedWarm = "portfolio_heat_warm"

        public var summary: String {
            switch self {
            case .hot: "New exposure would take the portfolio's heat to hot or beyond."
            case .warm: "New exposure would take the portfolio's heat to warm: the order is made smaller."
            case .closeOnly: "The order may heat the portfolio to hot, or be a close: it may only reduce the position."
            case .closeModeratedCold: "The portfolio is cold: a full close becomes a close of 25 %."
            case .closeModeratedWarm: "The portfolio is warm: a full close becomes a close of 75 %."
            }
        }
    }
}
