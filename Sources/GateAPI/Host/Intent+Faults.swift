/// The faults that make a plan unfit to be judged.
extension Intent {
    /// The first fault of the plan; `nil` for nearly all plans. A field that an order of this kind does not use may hold
    /// anything.
    static func fault(
        _ fields: Fields, _ known: PlanFields, _ action: Action, _ side: Side?, quantity: Reading<Amount>,
        price: Reading<Amount>, reduceOnly: Reading<Bool>, leg: Reading<PositionLeg>
    ) -> PlanFault? {
        if quantity.isWrong { return number("qty", in: known.quantity, fields) }
        if price.isWrong {
            return positive(fields.amount(in: known.price)) == .absent
                ? number("entry_price", in: known.entryPrice, fields) : number("price", in: known.price, fields)
        }
        if side == nil, known.side.map({ !$0.isEmpty }) ?? false {
            return PlanFault("side", "is none of BUY, LONG, SELL, SHORT, CLOSE")
        }
        if reduceOnly.isWrong { return PlanFault("reduceOnly", "or closePosition is neither true nor false") }
        if leg.isWrong { return PlanFault("positionSide", "is not one of LONG, SHORT, BOTH") }
        if case .other(let name) = action, let meant = Action.nearest(to: name) {
            return PlanFault("action", "is spelt like none; did you mean \(meant)?")
        }
        for (lookalike, name, value) in known.lookalikes {
            if let fault = lookalike.fault(fields, known, name: name, value: value) { return fault }
        }
        return nil
    }

    /// The plan names a price and gives none.
    package static let unpriced = PlanFault("price", "is empty, and there is no mark price")

    private static func number(_ name: StaticString, in range: Range<Int>?, _ fields: Fields) -> PlanFault {
        let complaint =
            fields.reading(range ?? 0..<0) { bytes in
                do throws(AmountError) {
                    return try Amount(ascii: bytes).isNegative ? "is negative" : nil
                } catch {
                    switch error {
                    case .overflow: return "is too large"
                    case .nonFinite: return "is not finite"
                    case .notANumber, .divisionByZero: return nil
                    }
                }
            } ?? "is not a number"
        return PlanFault(name, complaint)
    }
}

extension PlanLookalike {
    fileprivate func fault(
        _ fields: Fields, _ known: PlanFields, name: Range<Int>, value: Range<Int>
    ) -> PlanFault? {
        let name = fields.text(name)
        switch rule {
        case .alias:
            if let other = known.value(of: field), fields.saysTheSame(value, other) { return nil }
            return PlanFault(field, "is spelt '\(name)': write '\(field)'")
        case .substitute:
            if known.value(of: field).map({ !$0.isEmpty }) ?? false { return nil }
            return PlanFault(field, "is missing: '\(name)' is not read")
        case .unit(let neutral):
            if value.isEmpty || fields.says(neutral, value) { return nil }
            return PlanFault(field, "counts in the base asset: '\(name)' must be \(neutral.text) or left out")
        }
    }
}

extension Fields {
    fileprivate func saysTheSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        if bytes(left).elementsEqual(bytes(right)) { return true }
        if let amount = amount(in: left).value { return amount == self.amount(in: right).value }
        if let flag = flag(in: left).value { return flag == self.flag(in: right).value }
        let side = reading(left, Side.init(utf8:))
        return side != nil && side == reading(right, Side.init(utf8:))
    }

    fileprivate func says(_ neutral: PlanLookalike.Neutral, _ range: Range<Int>) -> Bool {
        switch neutral {
        case .one: amount(in: range).value == .one
        case .nothing: amount(in: range).value?.isZero ?? false || flag(in: range).value == false
        case .word(let word): reading(range) { $0.spells(anyCase: word) }
        }
    }
}

extension Reading {
    fileprivate var isWrong: Bool {
        switch self {
        case .value, .absent: false
        case .malformed, .nonFinite: true
        }
    }
}
