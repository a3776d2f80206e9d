public import GateAPI

/// `quantum:portfolio:budget:{symbol}`: the largest position in one symbol, computed by the P2.8 budget service.
public struct PortfolioBudget: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.perSymbol(prefix: "quantum:portfolio:budget:")]

    /// The largest position notional, in USD; zero or more.
    public var budget: Amount
    /// Whether the budget service wants its budgets enforced. Any `mode` but `enforce` means shadow.
    public var isEnforced: Bool
    public var computedAt: Timestamp

    public var timestamp: Timestamp? { computedAt }

    public init(budget: Amount, isEnforced: Bool, computedAt: Timestamp) {
        self.budget = budget
        self.isEnforced = isEnforced
        self.computedAt = computedAt
    }

    public init(fields: Fields) throws(InputFailure) {
        budget = try fields.required("budget_usd", rounding: .towardZero)
        guard !budget.isNegative else { throw .malformed(field: "budget_usd") }
        isEnforced = fields["mode"] == "enforce"
        computedAt = try fields.timestamp("timestamp")
    }
}
