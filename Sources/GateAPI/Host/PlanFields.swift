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
    /// The fields whose names look like those of others.
    private(set) var lookalikes: [(lookalike: PlanLookalike, name: Range<Int>, value: Range<Int>)] = []

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
            if !hasDuplicates || planID == nil, !take(name.span, fields.positions[index].value),
                let lookalike = PlanLookalike.find(name.span)
            {
                lookalikes.append((lookalike, fields.positions[index].name, fields.positions[index].value))
            }
            index += 1
        }
    }

    /// Takes the value of a field that the host reads; `false` for any other.
    private mutating func take(_ name: Span<UInt8>, _ value: Range<Int>) -> Bool {
        switch name.count {
        case 3 where name.spells("qty"): quantity = value
        case 4 where name.spells("side"): side = value
        case 5 where name.spells("price"): price = value
        case 5 where name.spells("steps"): steps = value
        case 6 where name.spells("symbol"): symbol = value
        case 6 where name.spells("action"): action = value
        case 6 where name.spells("source"): source = value
        case 7 where name.spells("plan_id"): planID = value
        case 8 where name.spells("decision"): decision = value
        case 9 where name.spells("close_qty"): closeQuantity = value
        case 9 where name.spells("timestamp"): break
        case 10 where name.spells("reduceOnly"): reduceOnly = value
        case 11 where name.spells("entry_price"): entryPrice = value
        case 11 where name.spells("reduce_only"): reduceOnlySnake = value
        case 12 where name.spells("positionSide"): positionSide = value
        case 13 where name.spells("position_side"): positionSideSnake = value
        case 13 where name.spells("closePosition"): closePosition = value
        case 14 where name.spells("close_position"): closePositionSnake = value
        default: return false
        }
        return true
    }

    /// The value of a field by its first accepted spelling.
    func value(of field: StaticString) -> Range<Int>? {
        switch field.description {
        case "plan_id": planID
        case "decision": decision
        case "symbol": symbol
        case "side": side
        case "qty": quantity
        case "price": price
        case "entry_price": entryPrice
        case "reduceOnly": reduceOnly ?? reduceOnlySnake
        case "closePosition": closePosition ?? closePositionSnake
        case "positionSide": positionSide ?? positionSideSnake
        case "action": action
        case "source": source
        case "close_qty": closeQuantity
        case "steps": steps
        default: nil
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
