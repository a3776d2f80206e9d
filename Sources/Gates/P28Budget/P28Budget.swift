public import GateAPI
public import TradingState

/// Gate 0: no intent may take its symbol's position over the budget that the P2.8 service computed for it.
///
/// Intents that reduce risk always pass. For all others |position after the intent and its reservations| × price must
/// not exceed `budget_usd`.
public struct P28Budget: Gate {
    public struct Settings: GateSettings {
        @Setting(
            "Oldest budget record that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400),
            default: .seconds(300))
        public var maxAge: Duration
        public var position = PositionSettings()
        @Setting(
            "Price that an order is valued at where both the plan and the position have one: the plan's, or the higher",
            default: .plan)
        public var valuation: Valuation
        @Setting(
            """
            Reserve what a permit takes of the budget until the position shows it, so that concurrent intents cannot \
            spend it twice
            """,
            default: true)
        public var reserve: Bool

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case budgetViolation = "p28_budget_violation"

        public var summary: String { "The position after the intent would exceed the symbol's budget." }
    }

    public static let name = "p28-budget"
    public static let summary = "Blocks intents that would take a symbol's position over its P2.8 portfolio budget."
    public static let records: [any StateRecord.Type] = [
        PortfolioBudget.self, Position.self, Reserved<PositionReservations>.self,
    ]
    public static let modeVariable: String? = "P28_MODE"

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(PortfolioBudget.self, intent.symbol)
        inputs.add(Position.self, intent.symbol)
        if settings.reserve { inputs.add(Reserved<PositionReservations>.self, intent.symbol) }
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let (exposure, position) = try inputs.exposure(of: intent, settings.position)
        switch exposure {
        case .unchanged: return .pass
        case .reduces: return try reduction(intent, inputs, &evidence, position)
        case .unknown(let reason): return .abstain(reason)
        case .adds(let before, let after):
            if closesOrdersInFlight(intent, inputs, position) { return .pass }
            return try entry(intent, inputs, &evidence, from: before, to: after, position)
        }
    }

    /// A reduce-only order may close orders that are permitted but not yet in the snapshot: the exchange caps it at the
    /// position that it finds.
    private func closesOrdersInFlight(_ intent: Intent, _ inputs: Inputs, _ position: Position?) -> Bool {
        guard settings.reserve, intent.reduceOnly.value == true, let position,
            let reserved = try? inputs.reserved(in: PositionReservations.self, intent.symbol),
            let total = try? reserved.inForce(at: inputs.now, shown: position.timestamp).reduce(
                position.quantity, { try $0 + $1.amount }),
            case .reduces = intent.exposure(from: total)
        else { return false }
        return true
    }

    /// A capped close needs no reservation. Several plain orders may flip the position together although each alone
    /// would reduce it. So each of them reserves, and the next one is judged against the position that they leave.
    private func reduction(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence, _ position: Position?) throws
        -> Verdict<Reason>
    {
        guard settings.reserve, let order = intent.uncappedOrder, let position,
            let reserved = try? inputs.reserved(in: PositionReservations.self, intent.symbol)
        else { return .pass }
        let pending = reserved.pending(alongside: order, at: inputs.now, shown: position.timestamp)
        guard !pending.isZero, let left = try? position.quantity + pending, case .adds = intent.exposure(from: left)
        else {
            return .pass(reserving: reservation(intent, order))
        }
        return try entry(
            intent, inputs, &evidence, from: position.quantity, to: try position.quantity + order, position)
    }

    private func entry(
        _ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence, from before: Amount, to after: Amount,
        _ position: Position?
    ) throws -> Verdict<Reason> {
        let budget = try inputs.fresh(PortfolioBudget.self, intent.symbol, within: settings.maxAge)
        guard let price = intent.price(settings.valuation, mark: position?.markPrice) else {
            return .abstain(intent.price.abstainReason(absent: .priceUnknown))
        }
        let order = try after - before
        let reserved: Amount
        do throws(InputFailure) {
            reserved =
                settings.reserve
                ? try inputs.reserved(in: PositionReservations.self, intent.symbol)
                    .pending(alongside: order, at: inputs.now, shown: position?.timestamp) : .zero
        } catch {
            // An order that alone is over budget is blocked without the reservations.
            let alone = Self.notional(after, price)
            guard alone > budget.budget else { throw error }
            return violation(intent, inputs, &evidence, budget, notional: alone, after, .zero, price, order: nil)
        }
        let notional = (try? after + reserved).map { Self.notional($0, price) } ?? .max
        guard notional > budget.budget else {
            evidence.add("budget_usd", budget.budget)
            evidence.add("position_notional", notional)
            evidence.add("reserved_qty", reserved)
            evidence.add("budget_age_sec", inputs.age(of: budget))
            return .pass(reserving: reservation(intent, order))
        }
        return violation(intent, inputs, &evidence, budget, notional: notional, after, reserved, price, order: order)
    }

    private func violation(
        _ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence, _ budget: PortfolioBudget, notional: Amount,
        _ after: Amount, _ reserved: Amount,
        _ price: Amount, order: Amount?
    ) -> Verdict<Reason> {
        let over = (try? notional - budget.budget) ?? .max
        evidence.add("budget_usd", budget.budget)
        evidence.add("position_notional", notional)
        evidence.add("over_budget", over)
        evidence.add("position_after", after)
        evidence.add("reserved_qty", reserved)
        evidence.add("price", price)
        evidence.add("budget_age_sec", inputs.age(of: budget))
        let violation = BudgetViolation(
            symbol: intent.symbol, planID: intent.planID, positionNotional: notional, budget: budget.budget,
            overBudget: over, timestamp: inputs.now)
        return .block(
            .budgetViolation, advisory: !budget.isEnforced, effects: [violation],
            reserving: order.flatMap { reservation(intent, $0) })
    }

    /// An overflow is over any budget.
    private static func notional(_ quantity: Amount, _ price: Amount) -> Amount {
        (try? quantity.magnitude.multiplied(by: price, rounding: .awayFromZero)) ?? .max
    }

    private func reservation(_ intent: Intent, _ order: Amount) -> Reservation? {
        settings.reserve ? Reservation(in: PositionReservations.self, intent.symbol, order) : nil
    }
}
