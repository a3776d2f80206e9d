/// The fields by which a plan says that its order may only reduce, and which leg it changes.
extension Intent {
    /// Whether the order may only reduce. If any field says so, it may.
    static func reduceOnly(_ fields: Fields, _ known: PlanFields) -> Reading<Bool> {
        var result = fields.flag(in: known.reduceOnly)
        func or(_ range: Range<Int>?) {
            guard let range, result != .value(true) else { return }
            let flag = fields.flag(in: range)
            if flag == .value(true) || result == .absent { result = flag }
        }
        or(known.reduceOnlySnake)
        or(known.closePosition)
        or(known.closePositionSnake)
        return result
    }

    /// Whether the order closes the whole position. Exchanges ignore the quantity of such an order.
    static func closesPosition(_ fields: Fields, _ known: PlanFields) -> Bool {
        fields.flag(in: known.closePosition) == .value(true)
            || fields.flag(in: known.closePositionSnake) == .value(true)
    }

    /// The leg of `positionSide` or `position_side`. `BOTH` is the one position of one-way mode. If the fields name two
    /// legs, neither counts.
    static func leg(_ fields: Fields, _ known: PlanFields) -> Reading<PositionLeg> {
        let camel = leg(fields, known.positionSide)
        let snake = leg(fields, known.positionSideSnake)
        if camel == .absent || camel == snake { return snake }
        return snake == .absent ? camel : .malformed
    }

    private static func leg(_ fields: Fields, _ range: Range<Int>?) -> Reading<PositionLeg> {
        guard let range, !range.isEmpty else { return .absent }
        return fields.reading(range) { bytes in
            if bytes.spells(anyCase: "long") { return .value(.long) }
            if bytes.spells(anyCase: "short") { return .value(.short) }
            return bytes.spells(anyCase: "both") ? .absent : .malformed
        }
    }
}
