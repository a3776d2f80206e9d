public import GateAPI
import TradingState

/// Keeps new exposure from overheating the portfolio. Heat is Σ |notional| · σ / equity; the gate adds the risk of the
/// orders under way in the whole portfolio, and the intent's own.
///
/// New exposure passes while the portfolio is cold, becomes a smaller order while it is warm, and is blocked while it
/// is hot. An order that may be a close then passes as one that can only reduce. Intents that reduce risk pass, unless
/// the moderation of full closes is on.
public struct HeatGate: Gate {
    public static let name = "heat"
    public static let summary = "Blocks or shrinks new exposure when the portfolio's projected heat is hot or warm."
    public static let records: [any StateRecord.Type] = [
        PortfolioHeat.self, Position.self, MarketState.self, Account<PositionPool>.self, Account<HeatPool>.self,
    ]
    public static let modeVariable: String? = "P26_MODE"

    let settings: Settings

    public init(settings: Settings) throws {
        guard settings.warm < settings.hot else {
            throw SettingsError("warm (\(settings.warm)) must be below hot (\(settings.hot))", key: "warm")
        }
        self.settings = settings
    }

    public var accounts: [any StateRecord.Type] {
        settings.reserve ? [Account<PositionPool>.self, Account<HeatPool>.self] : []
    }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(PortfolioHeat.self, for: intent)
        inputs.add(Position.self, for: intent)
        inputs.add(MarketState.self, for: intent)
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let counted = try CountedExposure(of: intent, inputs, settings.position, counts: settings.reserve)
        switch counted.exposure {
        case .unchanged: return .pass
        case .reduces:
            return settings.moderateFullCloses && intent.action == .fullClose
                ? try moderated(intent, inputs, &evidence) : .pass
        case .unknown(let reason): return .abstain(reason)
        case .opens(let opening): return try entry(intent, inputs, &evidence, opening, counted)
        }
    }

    private func entry(
        _ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence, _ opening: Opening, _ counted: CountedExposure
    ) throws -> Verdict<Reason> {
        let heat = try inputs.fresh(PortfolioHeat.self, intent.symbol, within: settings.maxAge)
        guard let price = OrderPrice(of: intent, mark: counted.position?.markPrice, settings.price) else {
            return .abstain(intent.price.abstainReason(absent: .priceUnknown))
        }
        let sigma = try inputs.optional(MarketState.self, intent.symbol)?.sigma ?? settings.defaultSigma
        let projection = ProjectedHeat(heat, opening.quantity, price.amount, sigma, underWay(intent.symbol, inputs))
        counted.show(in: &evidence)
        evidence.add("heat", heat.heat)
        evidence.add("projected_heat", projection.projected)
        evidence.add("warm", settings.warm)
        evidence.add("hot", settings.hot)
        evidence.add("sigma", sigma)
        evidence.add("equity_usd", heat.equity)
        evidence.add("heat_age_sec", inputs.age(of: heat))
        evidence.add("reserved_risk_usd", projection.underWay)
        price.show(in: &evidence)
        if projection.projected >= settings.hot { return hot(intent.symbol, opening, projection) }
        // What is not counted may make it hot.
        if let failure = counted.uncounted ?? projection.uncounted { throw failure }
        if price.isDoubted(settings.price) { return .abstain(.priceUnverified) }
        if projection.projected >= settings.warm { return try warm(intent.symbol, opening, projection) }
        return .pass(claiming: projection.claims(upTo: settings.warm, intent.symbol))
    }

    private func hot(_ symbol: Symbol, _ opening: Opening, _ projection: ProjectedHeat) -> Verdict<Reason> {
        guard let capped = opening.capped else {
            return .block(.hot, claiming: projection.claims(beyond: settings.hot, symbol))
        }
        // The capped order takes no heat.
        return .amend(capped, .closeOnly, claiming: projection.claims(beyond: settings.hot, taking: .zero, symbol))
    }

    private func warm(_ symbol: Symbol, _ opening: Opening, _ projection: ProjectedHeat) throws -> Verdict<Reason> {
        let smaller = try opening.quantity.multiplied(by: settings.warmScale, rounding: .towardZero)
        // An order too small to shrink is blocked: it must not pass whole.
        guard smaller.isPositive else {
            return .block(.warm, claiming: projection.claims(beyond: settings.warm, symbol))
        }
        // The host takes the smaller order's part of the claim.
        return .amend(.quantity(smaller), .warm, claiming: projection.claims(upTo: settings.hot, symbol))
    }

    /// The risk under way in the portfolio, in USD · sigma; `nil` without a ledger.
    private func underWay(_ symbol: Symbol, _ inputs: Inputs) -> Result<Amount, InputFailure>? {
        guard settings.reserve else { return nil }
        do throws(InputFailure) {
            return try inputs.account(HeatPool.self, symbol).map { .success($0[.held]) }
        } catch {
            return .failure(error)
        }
    }
}
