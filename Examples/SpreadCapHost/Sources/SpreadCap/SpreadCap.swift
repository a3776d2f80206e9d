public import GateAPI
public import TradingState

/// Blocks new exposure while the symbol's spread is wide, because crossing a wide spread is a loss at once.
public struct SpreadCap: Gate {
    public struct Settings: GateSettings {
        @Setting("Widest spread at which new exposure is allowed", unit: "bps", in: 1...1_000, default: 50)
        public var maxSpread: Int
        @Setting(
            "Oldest book that counts, by its own timestamp", in: .milliseconds(100) ... .seconds(3_600),
            default: .seconds(30))
        public var maxAge: Duration
        public var position = PositionSettings()

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case spreadTooWide = "spread_too_wide"

        public var summary: String { "The symbol's spread is wider than new exposure is allowed to cross." }
    }

    public static let name = "spread-cap"
    public static let summary = "Blocks new exposure while the symbol's spread is wide."
    public static let records: [any StateRecord.Type] = [Book.self, Position.self]

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let opening: Opening
        switch try inputs.exposure(of: intent, settings.position).exposure {
        case .unchanged, .reduces: return .pass
        case .unknown(let reason): return .abstain(reason)
        case .opens(let order): opening = order
        }
        // If the book cannot be used, this throws: the host records the reason and the intent passes this gate.
        let book = try inputs.fresh(Book.self, intent.symbol, within: settings.maxAge)
        let limit = Amount(settings.maxSpread)
        evidence.add("spread_bps", book.spread)
        evidence.add("limit_bps", limit)
        evidence.add("book_age_sec", inputs.age(of: book))
        guard book.spread > limit else { return .pass }
        // An order that may also be a close is granted as one that can only reduce.
        if let capped = opening.capped { return .amend(capped, .spreadTooWide) }
        return .block(.spreadTooWide)
    }
}

/// The best bid and ask of one symbol: `quantum:state:book:{symbol}`, a hash of bid, ask and ts.
public struct Book: StateRecord {
    public static let keys: [RecordKey] = [.perSymbol(prefix: "quantum:state:book:")]

    public let bid: Amount
    public let ask: Amount
    /// The distance from bid to ask over their middle, in basis points, rounded up.
    public let spread: Amount
    public let timestamp: Timestamp?

    public init(fields: Fields) throws(InputFailure) {
        bid = try fields.required("bid")
        ask = try fields.required("ask")
        guard bid.isPositive else { throw .malformed(field: "bid") }
        guard ask >= bid, let spread = try? Self.spread(bid, ask) else { throw .malformed(field: "ask") }
        self.spread = spread
        timestamp = try fields.timestamp("ts")
    }

    private static func spread(_ bid: Amount, _ ask: Amount) throws(AmountError) -> Amount {
        try ((ask - bid) * 20_000).divided(by: bid + ask, rounding: .awayFromZero)
    }
}
