extension Intent {
    package static let maximumFields = 128
    package static let maximumBytes = 65_536
    /// The longest plan id accepted, in bytes.
    package static let maximumPlanIDLength = 128

    /// Parses an entry of any known publisher.
    ///
    /// - Parameter symbols: other spellings of symbols.
    package static func parse(id: EntryID, fields: Fields, _ symbols: SymbolMap = SymbolMap()) -> ParsedEntry {
        guard fields.count <= maximumFields else { return .rejected(.tooManyFields) }
        guard fields.byteCount <= maximumBytes else { return .rejected(.tooLarge) }
        let known = PlanFields(fields)
        guard let planID = known.planID else { return .rejected(.missingPlanID) }
        guard fields.reading(planID, isPlanID(utf8:)) else { return .rejected(.invalidPlanID) }
        guard !known.hasDuplicates else { return .rejected(.duplicateField) }
        // The contract's default: a plan without EXECUTE is not executed.
        guard let decision = known.decision, fields.reading(decision, { $0.spells("EXECUTE") }) else {
            return .skip(
                planID: fields.text(planID), symbol: known.symbol.map(fields.text) ?? "",
                decision: known.decision.map(fields.text) ?? "SKIP")
        }
        guard let name = known.symbol, !name.isEmpty else { return .rejected(.missingSymbol) }
        guard let symbol = fields.reading(name, Symbol.init(utf8:)) else { return .rejected(.invalidSymbol) }
        return .execute(Intent(id: id, planID: planID, symbol: symbols.symbol(symbol), known, fields))
    }

    private init(id: EntryID, planID: Range<Int>, symbol: Symbol, _ known: PlanFields, _ fields: Fields) {
        let action: Action = known.action.map { fields.reading($0, Action.init(utf8:)) } ?? .none
        // Away from zero: what the plan takes on is never understated.
        let published =
            Self.closesPosition(fields, known)
            ? (.absent, true) : fields.roundedAmount(in: known.quantity, .awayFromZero)
        let quantity = Self.positive(published.reading)
        let price = Self.positive(fields.roundedAmount(in: known.price, .awayFromZero).reading).orElse(
            Self.positive(fields.roundedAmount(in: known.entryPrice, .awayFromZero).reading))
        let side = known.side.flatMap { fields.reading($0, Side.init(utf8:)) }
        let reduceOnly = Self.reduceOnly(fields, known)
        let leg = Self.leg(fields, known)
        let content = Content(
            id: id, planIDRange: planID, symbol: symbol,
            source: known.source.flatMap { fields.reading($0, Symbol.init(source:)) }, action: action,
            actionRange: known.action,
            side: side, price: price, reduceOnly: reduceOnly, leg: leg,
            closeQuantity: Self.positive(fields.roundedAmount(in: known.closeQuantity, .awayFromZero).reading).value,
            fields: fields,
            isQuantityExact: published.isExact,
            isPriceEmpty: price == .absent && (known.price ?? known.entryPrice) != nil,
            fault: Self.fault(
                fields, known, action, side, quantity: quantity, price: price, reduceOnly: reduceOnly, leg: leg))
        self.init(
            content, quantity: quantity,
            closeFraction: Self.closeFraction(
                action, name: known.action.map(fields.text) ?? "", steps: known.steps.map(fields.text)))
    }

    /// Zero means "not given" on the wire. A negative quantity or price has no meaning.
    static func positive(_ reading: Reading<Amount>) -> Reading<Amount> {
        guard case .value(let amount) = reading else { return reading }
        return amount.isPositive ? reading : amount.isZero ? .absent : .malformed
    }

    /// No blanks, no invisible characters, and no `:`: with a `:` a plan could name another service's key
    /// (`quantum:permit:p33:…`).
    package static func isPlanID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= maximumPlanIDLength
            && text.unicodeScalars.allSatisfy { $0 != ":" && $0.isNameable }
    }

    private static func isPlanID(utf8 bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[unchecked: index]
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: ":") { return false }
            if byte >= 0x80 { return isPlanID(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }) }
        }
        return !bytes.isEmpty && bytes.count <= maximumPlanIDLength
    }

    /// A full close closes everything. `PARTIAL_25` names its percentage. `PARTIAL_CLOSE_PROPOSED` has it in the first
    /// step's `pct`.
    private static func closeFraction(
        _ action: Action, name: @autoclosure () -> String, steps: @autoclosure () -> String?
    ) -> Amount? {
        switch action {
        case .fullClose: .one
        case .partialClose: percentage(name().dropFirst("PARTIAL_".count)) ?? steps().flatMap(firstStepPercentage)
        case .updateStop, .hold, .open, .none, .other: nil
        }
    }

    private static func percentage(_ text: some StringProtocol) -> Amount? {
        guard let percent = try? Amount(ascii: Array(text.utf8).span, rounding: .towardZero), percent <= 100,
            let fraction = try? percent.divided(by: 100, rounding: .towardZero), fraction.isPositive
        else { return nil }
        return fraction
    }

    private static func firstStepPercentage(_ steps: String) -> Amount? {
        guard let key = steps.firstRange(of: "\"pct\":") else { return nil }
        return percentage(steps[key.upperBound...].prefix { $0 != "," && $0 != "}" })
    }
}
