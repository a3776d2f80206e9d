public import GateAPI

/// `quantum:portfolio:budget:{symbol}`: the largest position in one symbol, computed by the P2.8 budget service.
public struct PortfolioBudget: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.perSymbol(prefix: "quantum:portfolio:budget:")]

    /// The largest position notional, in USD; zero or more.
    public var budget: Amount
    /// Whether the budget service wants its budgets enforced: `mode` is `enforce` or `shadow`, in any case.
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
        isEnforced = try Self.isEnforced(fields)
        computedAt = try fields.timestamp("timestamp")
    }

    /// Any other word could mean either: it makes the record malformed, so that no spelling switches the gate to shadow
    /// unseen.
    private static func isEnforced(_ fields: Fields) throws(InputFailure) -> Bool {
        let mode = (fields["mode"] ?? "").lowercased().split(whereSeparator: \.isWhitespace)
        switch mode {
        case ["enforce"]: return true
        case ["shadow"]: return false
        default: throw .malformed(field: "mode")
        }
    }
}
