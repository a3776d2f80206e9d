public import GateAPI

/// The exchange position in one symbol: `quantum:position:snapshot:{symbol}`, or the later
/// `quantum:state:positions:{symbol}`; the newer of the two counts.
public struct Position: StateRecord, Equatable {
    public static let keys: [RecordKey] = [
        .perSymbol(prefix: "quantum:position:snapshot:"), .perSymbol(prefix: "quantum:state:positions:"),
    ]

    /// Signed quantity in base asset: long positive, short negative.
    public var quantity: Amount
    /// The exchange's mark price in quote asset; `nil` where the snapshot has none.
    public var markPrice: Amount?
    /// When the snapshot was taken; `nil` for ``flat``.
    public var timestamp: Timestamp?

    /// What a symbol without a snapshot holds.
    public static let flat = Position(quantity: .zero, markPrice: nil, timestamp: nil)

    public init(quantity: Amount, markPrice: Amount?, timestamp: Timestamp?) {
        self.quantity = quantity
        self.markPrice = markPrice
        self.timestamp = timestamp
    }

    public init(fields: Fields) throws(InputFailure) {
        quantity = try fields.required("position_amt")
        let mark = try fields.optional("mark_price")
        guard mark.map({ !$0.isNegative }) ?? true else { throw .malformed(field: "mark_price") }
        markPrice = mark.flatMap { $0.isZero ? nil : $0 }
        timestamp = try fields.timestamp("ts_epoch")
    }
}

/// What to assume of a symbol without any position snapshot.
public enum MissingPosition: String, SettingValue, CaseIterable {
    /// Nothing is held: a first entry is judged by itself.
    case flat
    /// Unknown: only what an intent says of itself tells a close from an open.
    case unknown
}

/// Which price an order is valued at where both the plan and the position have one.
public enum Valuation: String, SettingValue, CaseIterable {
    /// The plan's own price.
    case plan
    /// The higher of the plan's price and the mark price, so that no plan talks its notional down.
    case higher
}

extension Intent {
    /// The price to value the intent at; `nil` where neither the plan nor the position has one.
    public func price(_ valuation: Valuation, mark: Amount?) -> Amount? {
        guard let own = price.value, let mark else { return price.value ?? mark }
        return switch valuation {
        case .plan: own
        case .higher: max(own, mark)
        }
    }
}

extension Inputs {
    /// What the intent does to its symbol's position, and the position where there is one.
    ///
    /// Where the position cannot be read the intent is believed if it calls itself a reduction; if it does not, what
    /// kept the position from being read is thrown. A missing snapshot may stand for a flat position, as `missing`
    /// says, but is no proof of one: there a close is believed too, unless it says itself (`reduceOnly` false) that its
    /// order may open.
    public func exposure(
        of intent: Intent, within limit: Duration, missing: MissingPosition
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?) {
        do {
            let position = try position(intent.symbol, within: limit, missing: .unknown)
            return (intent.exposure(from: position.quantity), position)
        } catch {
            let claimed = intent.exposure(from: nil)
            let isFlat = error == .missing && missing == .flat
            switch claimed {
            case .reduces where isFlat && intent.reduceOnly.value == false, .unknown where isFlat:
                return (intent.exposure(from: .zero), nil)
            case .unknown: throw error
            case .unchanged, .reduces, .adds: return (claimed, nil)
            }
        }
    }

    /// The symbol's position, not older than `limit`. A missing snapshot is flat or a failure, as `missing` says.
    public func position(_ symbol: Symbol, within limit: Duration, missing: MissingPosition) throws(InputFailure)
        -> Position
    {
        do {
            return try fresh(Position.self, symbol, within: limit)
        } catch .missing where missing == .flat {
            return .flat
        }
    }
}
