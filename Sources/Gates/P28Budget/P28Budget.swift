public import GateAPI
public import TradingState

/// Gate 0: no intent may take its symbol's position over the budget that the P2.8 service computed for it.
///
/// An intent that can only reduce passes. For all others the most exposure there may be × price must not exceed
/// `budget_usd`. An order over the budget that may be a close passes as one that can only reduce.
public struct P28Budget: Gate {
    public struct Settings: GateSettings {
        @Setting(
            "Oldest budget record that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400),
            default: .seconds(300))
        public var maxAge: Duration
        public var position = PositionSettings()
        public var price = PriceSettings()
        @Setting("Count what is permitted and not yet in the position, from the exposure ledger", default: true)
        public var reserve: Bool

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case budgetViolation = "p28_budget_violation"
        case closeOnly = "p28_close_only"

        public var summary: String {
            switch self {
            case .budgetViolation: "The position after the intent would exceed the symbol's budget."
            case .closeOnly: "The order may exceed the symbol's budget, or be a close: it may only reduce the position."
            }
        }
    }

    public static let name = "p28-budget"
    public static let summary = "Blocks intents that would take a symbol's position over its P2.8 portfolio budget."
    public static let records: [any StateRecord.Type] = [
        PortfolioBudget.self, Position.self, Account<PositionPool>.self,
    ]
    public static let modeVariable: String? = "P28_MODE"

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public var accounts: [any StateRecord.Type] { settings.reserve ? [Account<PositionPool>.self] : [] }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(PortfolioBudget.self, for: intent)
        inputs.add(Position.self, for: intent)
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let counted = try CountedExposure(of: intent, inputs, settings.position, counts: settings.reserve)
        switch counted.exposure {
        case .unchanged, .reduces: return .pass
        case .unknown(let reason): return .abstain(reason)
        case .opens(let opening): return try entry(intent, inputs, &evidence, opening, counted)
        }
    }

    private func entry(
        _ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence, _ opening: Opening, _ counted: CountedExposure
    ) throws -> Verdict<Reason> {
        let budget = try inputs.fresh(PortfolioBudget.self, intent.symbol, within: settings.maxAge)
        guard let valued = OrderPrice(of: intent, mark: counted.position?.markPrice, settings.price) else {
            return .abstain(intent.price.abstainReason(absent: .priceUnknown))
        }
        let price = valued.amount
        // The largest position whose exact notional is within the budget.
        let limit = (try? budget.budget.divided(by: price, rounding: .towardZero)) ?? .max
        let isWithin = opening.most <= limit
        if isWithin, let failure = counted.uncounted { throw failure }
        // An overflow is over any budget.
        let notional = (try? opening.most.multiplied(by: price, rounding: .awayFromZero)) ?? .max
        let over = (try? notional - budget.budget) ?? .max
        evidence.add("budget_usd", budget.budget)
        evidence.add("position_notional", notional)
        if !isWithin {
            evidence.add("over_budget", over)
            evidence.add("position_after", opening.positionAfter)
        }
        evidence.add("reserved_qty", opening.underWay)
        if !isWithin { evidence.add("price", price) }
        evidence.add("budget_age_sec", inputs.age(of: budget))
        counted.show(in: &evidence)
        valued.show(in: &evidence)
        if isWithin, valued.isDoubted(settings.price) { return .abstain(.priceUnverified) }
        if isWithin { return .pass(claiming: Claims(opening.claim(upTo: limit))) }
        let violation = BudgetViolation(
            symbol: intent.symbol, planID: intent.planID, positionNotional: notional, budget: budget.budget,
            overBudget: over, timestamp: inputs.now)
        return refusal(of: opening, beyond: limit, violation, advisory: !budget.isEnforced)
    }

    private func refusal(
        of opening: Opening, beyond limit: Amount, _ violation: BudgetViolation, advisory: Bool
    ) -> Verdict<Reason> {
        let claims = opening.claims(beyond: limit)
        guard let capped = opening.capped else {
            return .block(.budgetViolation, advisory: advisory, effects: [violation], claiming: claims)
        }
        return .amend(capped, .closeOnly, advisory: advisory, effects: [violation], claiming: claims)
    }
}
