public import GateAPI
public import TradingState

/// Gate 0: no intent may take its symbol's position over the budget that the P2.8 service computed for it.
///
/// What reduces risk always passes, whatever the data say. Everything else is compared as |position after the intent and what is reserved| × price with
/// `budget_usd`.
public struct P28Budget: Gate {
    public struct Settings: GateSettings {
        @Setting("Oldest budget record that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400), default: .seconds(300))
        public var maxAge: Duration
        @Setting("Oldest position snapshot that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400), default: .seconds(300))
        public var positionMaxAge: Duration
        @Setting("What a symbol without any position snapshot is taken to hold", default: .flat)
        public var missingPosition: MissingPosition
        @Setting("Price that an order is valued at where both the plan and the position have one: the plan's, or the higher", default: .plan)
        public var valuation: Valuation

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case budgetViolation = "p28_budget_violation"

        public var summary: String { "The position after the intent would exceed the symbol's budget." }
    }

    public static let name = "p28-budget"
    public static let summary = "Blocks intents that would take a symbol's position over its P2.8 portfolio budget."
    public static let records: [any StateRecord.Type] = [PortfolioBudget.self, Position.self, Reserved<PositionReservations>.self]
    public static let modeVariable: String? = "P28_MODE"

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs) throws -> Verdict<Reason> {
        let (exposure, position) = try inputs.exposure(of: intent, within: settings.positionMaxAge, missing: settings.missingPosition)
        switch exposure {
        case .unchanged, .reduces: return .pass
        case .unknown(let reason): return .abstain(reason)
        case .adds(let before, let after): return try entry(intent, inputs, from: before, to: after, position)
        }
    }

    private func entry(_ intent: Intent, _ inputs: Inputs, from before: Amount, to after: Amount, _ position: Position?) throws -> Verdict<Reason> {
        let budget = try inputs.fresh(PortfolioBudget.self, intent.symbol, within: settings.maxAge)
        guard let price = intent.price(settings.valuation, mark: position?.markPrice) else {
            return .abstain(intent.price.abstainReason(absent: .priceUnknown))
        }
        let order = try after - before
        let reserved = try inputs.reserved(in: PositionReservations.self, intent.symbol)
            .pending(alongside: order, at: inputs.now, shown: position?.timestamp)
        // Too large to be held is over any budget.
        let notional = (try? (after + reserved).magnitude.multiplied(by: price, rounding: .awayFromZero)) ?? .max
        let age = inputs.age(of: budget)
        guard notional > budget.budget, let over = try? notional - budget.budget else {
            return .pass(
                evidence: ["budget_usd": budget.budget, "position_notional": notional, "reserved_qty": reserved, "budget_age_sec": age],
                reserving: [Reservation(in: PositionReservations.self, intent.symbol, order)])
        }
        let violation = BudgetViolation(
            symbol: intent.symbol, planID: intent.planID, positionNotional: notional, budget: budget.budget, overBudget: over, timestamp: inputs.now)
        return .block(
            .budgetViolation,
            evidence: [
                "budget_usd": budget.budget, "position_notional": notional, "over_budget": over, "position_after": after, "reserved_qty": reserved,
                "price": price, "budget_age_sec": age,
            ],
            advisory: !budget.isEnforced, effects: [violation])
    }
}
