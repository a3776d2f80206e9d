/// Why an entry that asks for execution is no intent. The raw values go on the wire as reason codes.
public enum IntentRejection: String, Error, Sendable, CaseIterable {
    case missingPlanID = "missing_plan_id"
    case invalidPlanID = "invalid_plan_id"
    case missingSymbol = "missing_symbol"
    case invalidSymbol = "invalid_symbol"
    /// A field that stands twice has no single meaning.
    case duplicateField = "duplicate_field"
    case tooManyFields = "too_many_fields"
    case tooLarge = "entry_too_large"
}

/// What an entry of the intents' stream turned out to be.
public enum ParsedEntry: Sendable {
    /// `decision` is `EXECUTE`: to be judged.
    case execute(Intent)
    /// Any other decision: nothing to judge, nothing used up.
    case skip(planID: String, symbol: String, decision: String)
    /// Not an intent: goes whole to the dead-letter stream.
    case rejected(IntentRejection)

    /// The intent to be judged; `nil` where there is none.
    public var intent: Intent? {
        if case .execute(let intent) = self { intent } else { nil }
    }
}

extension Intent {
    public static let maximumFields = 128
    public static let maximumBytes = 65_536

    /// Reads an entry as any of the known publishers writes it.
    public static func parse(id: EntryID, fields: Fields) -> ParsedEntry {
        guard fields.count <= maximumFields else { return .rejected(.tooManyFields) }
        guard fields.byteCount <= maximumBytes else { return .rejected(.tooLarge) }
        guard let planID = fields["plan_id"] else { return .rejected(.missingPlanID) }
        guard isPlanID(planID) else { return .rejected(.invalidPlanID) }
        guard !hasDuplicateNames(fields) else { return .rejected(.duplicateField) }
        // The contract's default: a plan that does not say EXECUTE is not to be executed.
        let decision = fields["decision"] ?? "SKIP"
        guard decision == "EXECUTE" else {
            return .skip(planID: planID, symbol: fields["symbol"] ?? "", decision: decision)
        }
        guard let name = fields["symbol"], !name.isEmpty else { return .rejected(.missingSymbol) }
        guard let symbol = Symbol(name) else { return .rejected(.invalidSymbol) }
        return .execute(Intent(id: id, planID: planID, symbol: symbol, fields: fields))
    }

    private init(id: EntryID, planID: String, symbol: Symbol, fields: Fields) {
        self.id = id
        self.planID = planID
        self.symbol = symbol
        self.fields = fields
        let actionName = fields["action"] ?? ""
        action = Action(actionName)
        side =
            switch fields["side"]?.uppercased().filter({ $0 != " " }) {
            case "BUY", "LONG": .buy
            case "SELL", "SHORT": .sell
            case "CLOSE": .close
            default: nil
            }
        quantity = Self.positive(fields.amount("qty"))
        price = Self.positive(fields.amount("price")).orElse(Self.positive(fields.amount("entry_price")))
        reduceOnly = fields.flag("reduceOnly")
        closeQuantity = Self.positive(fields.amount("close_qty")).value
        closeFraction = Self.closeFraction(action: action, name: actionName, steps: fields["steps"])
    }

    /// Zero says "not given" on the wire; a negative quantity or price has no meaning.
    private static func positive(_ reading: Reading<Amount>) -> Reading<Amount> {
        guard case .value(let amount) = reading else { return reading }
        return amount.isPositive ? reading : amount.isZero ? .absent : .malformed
    }

    /// No blanks, no control characters, and no `:`, which would let a plan name another service's key (`quantum:permit:p33:…`).
    public static func isPlanID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= maximumPlanIDLength
            && text.unicodeScalars.allSatisfy { $0 != ":" && $0.value > 0x20 && $0.value != 0x7F && $0 != "\u{FFFD}" }
    }

    private static func hasDuplicateNames(_ fields: Fields) -> Bool {
        let positions = fields.positions
        for (offset, position) in positions.enumerated() {
            for other in positions.dropFirst(offset + 1)
            where other.name.count == position.name.count && fields.bytes(other.name).elementsEqual(fields.bytes(position.name)) {
                return true
            }
        }
        return false
    }

    /// `FULL_CLOSE…` closes all; `PARTIAL_25` and its like name their percentage; `PARTIAL_CLOSE_PROPOSED` leaves it to the first step's `pct`.
    private static func closeFraction(action: Action, name: String, steps: String?) -> Amount? {
        switch action {
        case .fullClose: .one
        case .partialClose: percentage(name.dropFirst("PARTIAL_".count)) ?? steps.flatMap(firstStepPercentage)
        default: nil
        }
    }

    private static func percentage(_ text: some StringProtocol) -> Amount? {
        guard let percent = try? Amount(String(text)), percent <= 100, let fraction = try? percent.divided(by: 100), fraction.isPositive else { return nil }
        return fraction
    }

    private static func firstStepPercentage(_ steps: String) -> Amount? {
        guard let key = steps.firstRange(of: "\"pct\":") else { return nil }
        return percentage(steps[key.upperBound...].prefix { $0 != "," && $0 != "}" })
    }
}

extension Reading {
    /// This reading if it says anything, good or bad; the other where nothing was given.
    func orElse(_ other: Reading) -> Reading {
        if case .absent = self { other } else { self }
    }
}
