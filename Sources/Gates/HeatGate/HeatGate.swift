public import GateAPI
public import TradingState

/// Keeps new exposure from overheating the portfolio. Heat is Σ |notional| · σ / equity; the gate adds the intent's
/// own share.
///
/// New exposure passes while the portfolio is cold, becomes a smaller order while it is warm, and is blocked while it
/// is hot. Intents that reduce risk pass, unless the moderation of full closes is on.
public struct HeatGate: Gate {
    public struct Settings: GateSettings {
        @Setting(
            "Oldest heat record that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400),
            default: .seconds(300))
        public var maxAge: Duration
        public var position = PositionSettings()
        @Setting(
            "Price that an order is valued at where both the plan and the position have one: the plan's, or the higher",
            default: .plan)
        public var valuation: Valuation
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

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case hot = "p26_heat_hot"
        case warm = "p26_heat_warm"
        case closeModeratedCold = "portfolio_heat_cold"
        case closeModeratedWarm = "portfolio_heat_warm"

        public var summary: String {
            switch self {
            case .hot: "New exposure would take the portfolio's heat to hot or beyond."
            case .warm: "New exposure would take the portfolio's heat to warm: the order is made smaller."
            case .closeModeratedCold: "The portfolio is cold: a full close becomes a close of 25 %."
            case .closeModeratedWarm: "The portfolio is warm: a full close becomes a close of 75 %."
            }
        }
    }

    public static let name = "heat"
    public static let summary = "Blocks or shrinks new exposure when the portfolio's projected heat is hot or warm."
    public static let records: [any StateRecord.Type] = [PortfolioHeat.self, Position.self, MarketState.self]
    public static let modeVariable: String? = "P26_MODE"

    let settings: Settings

    public init(settings: Settings) throws {
        guard settings.warm < settings.hot else {
            throw SettingsError("warm (\(settings.warm)) must be below hot (\(settings.hot))", key: "warm")
        }
        self.settings = settings
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let (exposure, position) = try inputs.exposure(of: intent, settings.position)
        switch exposure {
        case .unchanged: return .pass
        case .reduces:
            return settings.moderateFullCloses && intent.action == .fullClose
                ? try moderated(intent, inputs, &evidence) : .pass
        case .unknown(let reason): return .abstain(reason)
        case .adds(let before, let after):
            return try entry(intent, inputs, &evidence, from: before, to: after, markPrice: position?.markPrice)
        }
    }

    private func entry(
        _ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence, from before: Amount, to after: Amount,
        markPrice: Amount?
    ) throws -> Verdict<Reason> {
        let heat = try inputs.fresh(PortfolioHeat.self, intent.symbol, within: settings.maxAge)
        guard let price = intent.price(settings.valuation, mark: markPrice) else {
            return .abstain(intent.price.abstainReason(absent: .priceUnknown))
        }
        let sigma = try sigma(intent.symbol, inputs)
        // A flip to the same size or a smaller one adds nothing. An overflow is hotter than any limit.
        let growth = max(.zero, (try? after.magnitude - before.magnitude) ?? .max)
        let projected =
            (try? heat.heat + growth.times(price).times(sigma).divided(by: heat.equity, rounding: .awayFromZero))
            ?? .max
        evidence.add("heat", heat.heat)
        evidence.add("projected_heat", projected)
        evidence.add("warm", settings.warm)
        evidence.add("hot", settings.hot)
        evidence.add("sigma", sigma)
        evidence.add("equity_usd", heat.equity)
        evidence.add("heat_age_sec", inputs.age(of: heat))
        if projected >= settings.hot { return .block(.hot) }
        guard projected >= settings.warm, let quantity = intent.quantity.value else { return .pass }
        let smaller = try quantity.multiplied(by: settings.warmScale, rounding: .towardZero)
        // An order too small to shrink is blocked: it must not pass whole.
        return smaller.isPositive ? .amend(.quantity(smaller), .warm) : .block(.warm)
    }

    private func moderated(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let heat: PortfolioHeat
        do {
            heat = try inputs.fresh(PortfolioHeat.self, intent.symbol, within: settings.maxAge)
        } catch let failure where failure != .notRequested {
            // Missing data never hold up a close, not even in a gate that fails closed: the close passes whole.
            return .pass
        }
        evidence.add("heat", heat.heat)
        evidence.add("warm", settings.warm)
        evidence.add("hot", settings.hot)
        evidence.add("heat_age_sec", inputs.age(of: heat))
        if heat.heat >= settings.hot { return .pass }
        if heat.heat >= settings.warm {
            return .amend(.closeFraction(Amount(percent: 75)), .closeModeratedWarm)
        }
        return .amend(.closeFraction(Amount(percent: 25)), .closeModeratedCold)
    }

    /// The symbol's volatility, or the configured default if the market state has none.
    private func sigma(_ symbol: Symbol, _ inputs: Inputs) throws -> Amount {
        try inputs.optional(MarketState.self, symbol)?.sigma ?? settings.defaultSigma
    }
}

extension Amount {
    fileprivate func times(_ other: Amount) throws(AmountError) -> Amount {
        try multiplied(by: other, rounding: .awayFromZero)
    }
}
