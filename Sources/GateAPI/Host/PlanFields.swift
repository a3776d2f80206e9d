/// The ranges of the fields that make up an intent, found in one pass over the entry.
struct PlanFields {
    var planID: Range<Int>?
    var decision: Range<Int>?
    var symbol: Range<Int>?
    var source: Range<Int>?
    var action: Range<Int>?
    var side: Range<Int>?
    var quantity: Range<Int>?
    var price: Range<Int>?
    var entryPrice: Range<Int>?
    var reduceOnly: Range<Int>?
    /// The other spellings and forms of `reduceOnly`.
    var reduceOnlySnake: Range<Int>?
    var closePosition: Range<Int>?
    var closePositionSnake: Range<Int>?
    var positionSide: Range<Int>?
    var positionSideSnake: Range<Int>?
    var closeQuantity: Range<Int>?
    var steps: Range<Int>?
    /// Whether any name occurs twice.
    private(set) var hasDuplicates = false

    init(_ fields: Fields) {
        // Each name sets one of 64 bits, by its length and a few of its bytes. Names with the same bit are compared.
        var seen: UInt64 = 0
        var index = fields.positions.startIndex
        fields.withEachPair { _, name, _ in
            let bit = Self.bit(of: name)
            if seen & bit != 0, !hasDuplicates {
                hasDuplicates = Self.occurs(fields.positions[index].name, in: fields, before: index)
            }
            seen |= bit
            // The search for the plan id goes on after a duplicate: a missing plan id is reported first.
            if !hasDuplicates || planID == nil { take(name.span, fields.positions[index].value) }
            index += 1
        }
    }

    private mutating func take(_ name: Span<UInt8>, _ value: Range<Int>) {
        switch name.count {
        case 3: if name.spells("qty") { quantity = value }
        case 4: if name.spells("side") { side = value }
        case 5: if name.spells("price") { price = value } else if name.spells("steps") { steps = value }
        case 6:
            if name.spells("symbol") { symbol = value }
            if name.spells("action") { action = value }
            if name.spells("source") { source = value }
        case 7: if name.spells("plan_id") { planID = value }
        case 8: if name.spells("decision") { decision = value }
        case 9: if name.spells("close_qty") { closeQuantity = value }
        case 10: if name.spells("reduceOnly") { reduceOnly = value }
        case 11:
            if name.spells("entry_price") { entryPrice = value }
            if name.spells("reduce_only") { reduceOnlySnake = value }
        case 12: if name.spells("positionSide") { positionSide = value }
        case 13:
            if name.spells("position_side") { positionSideSnake = value }
            if name.spells("closePosition") { closePosition = value }
        case 14: if name.spells("close_position") { closePositionSnake = value }
        default: break
        }
    }

    private static func bit(of name: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let first = name.first, let last = name.last else { return 1 }
        let mixed = name.count &* 7 &+ Int(first) &* 5 &+ Int(last) &* 3 &+ Int(name[name.count / 2])
        return 1 << UInt64(mixed & 63)
    }

    private static func occurs(_ name: Range<Int>, in fields: Fields, before index: Int) -> Bool {
        let bytes = fields.bytes(name)
        return fields.positions[..<index].contains {
            $0.name.count == name.count && fields.bytes($0.name).elementsEqual(bytes)
        }
    }
}
