import GateAPI
import TradingState

/// Everything that the ledger and the records say of one symbol.
struct SymbolExposure {
    let symbol: Symbol
    let now: Timestamp
    let position: RecordReading<Position>
    let budget: RecordReading<PortfolioBudget>
    let account: AccountReading
    /// How gates take the position.
    let assumption: Assumption
    let worst: WorstCases
    /// Whether a gate of the deployment keeps the account.
    let isKept: Bool

    enum Assumption: String {
        /// As the snapshot says.
        case snapshot
        /// Flat, for want of a record.
        case flat
        case unknown
    }

    init(_ symbol: Symbol, _ settings: ExposureSettings, _ inputs: Inputs, _ account: AccountReading) {
        self.symbol = symbol
        self.account = account
        now = inputs.now
        isKept = settings.keepsLedger
        position = RecordReading(within: settings.positionMaxAge, now: now) { limit throws(InputFailure) in
            try inputs.positionInLegs(symbol, within: limit)
        }
        budget = RecordReading(within: settings.budgetMaxAge, now: now) { limit throws(InputFailure) in
            guard let limit else { return try inputs.record(PortfolioBudget.self, symbol) }
            return try inputs.fresh(PortfolioBudget.self, symbol, within: limit)
        }
        // The rule of `Inputs.exposure`: a symbol that had a position and lost its record is unknown.
        switch position.failure {
        case nil: assumption = .snapshot
        case .missing where settings.missingPosition == .flat && !account.isHeld: assumption = .flat
        default: assumption = .unknown
        }
        let assumed: Position? =
            switch assumption {
            case .snapshot: position.record
            case .flat: .flat
            case .unknown: nil
            }
        // Gates cannot judge without the account either.
        worst = WorstCases(account.state == .unavailable ? nil : assumed, account.underWay)
    }

    /// Whether the list of all symbols has a line for it: there is an account, or a position that is not surely flat.
    var isWorthALine: Bool {
        if account.state != .missing { return true }
        return position.record.map(\.isHeld) ?? (position.failure != .missing)
    }
}

// MARK: The budget that is left

extension SymbolExposure {
    /// What the budget leaves for an order, at the mark price; negative if it is exceeded.
    struct Rest {
        /// In base asset.
        let quantity: Amount
        /// In USD.
        let notional: Amount
    }

    enum Left {
        case none(why: String)
        /// For an order that buys, for one that sells, and in hedge mode for one that opens a leg.
        case rests(price: Amount, buy: Rest, sell: Rest, leg: Rest?)
    }

    var left: Left {
        guard let budget = budget.usable else { return .none(why: "no budget that counts") }
        guard let long = worst.long.mostExposure, let short = worst.short.mostExposure else {
            return .none(why: account.state == .unavailable ? "the account cannot be read" : "the position is unknown")
        }
        guard let price = position.usable?.markPrice else { return .none(why: "no mark price") }
        func rest(_ most: Amount) -> Rest? {
            guard let limit = try? budget.budget.divided(by: price, rounding: .towardZero),
                let quantity = try? limit - most, let notional = try? quantity * price
            else { return nil }
            return Rest(quantity: quantity, notional: notional)
        }
        guard let buy = rest(long), let sell = rest(short) else { return .none(why: "the amounts are too large") }
        return .rests(price: price, buy: buy, sell: sell, leg: worst.legs.flatMap(rest))
    }
}
