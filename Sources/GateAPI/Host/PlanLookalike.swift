/// A name that looks like a field that the host reads. Such a field is never ignored: it could give the order another
/// meaning than the one that is judged.
package struct PlanLookalike: Sendable {
    /// When a field of that name makes the plan unfit to be judged.
    enum Rule: Sendable {
        /// Another name of the field: unless both say the same.
        case alias
        /// Another measure than the field: unless the field is there.
        case substitute
        /// Another unit of the field: unless it is empty or says this, so that it changes nothing.
        case unit(Neutral)
    }

    /// The value with which a field of another unit changes nothing.
    enum Neutral: Sendable {
        case one
        /// Zero or false.
        case nothing
        case word(StaticString)

        var text: String {
            switch self {
            case .one: "1"
            case .nothing: "0"
            case .word(let word): word.description
            }
        }
    }

    /// In lower case, without `_`, `-`, `.` and blanks.
    package let name: String
    /// The field that it looks like.
    package let field: StaticString
    let rule: Rule

    /// The names that are known elsewhere, in the spelling of documents.
    private static let foreign: [(names: [String], field: StaticString, rule: Rule)] = [
        (
            [
                "quantity", "size", "amount", "sz", "base_qty", "base_quantity", "orig_qty", "order_qty",
                "order_quantity",
                "order_size",
            ],
            "qty", .alias
        ),
        (
            [
                "notional", "notional_usd", "size_usd", "qty_usd", "usd_size", "amount_usd", "cost", "position_size",
                "position_size_usd", "contracts", "lots",
            ],
            "qty", .substitute
        ),
        (
            [
                "contract_size", "contract_value", "contract_multiplier", "qty_multiplier", "quantity_multiplier",
                "ct_val",
                "ct_mult",
            ],
            "qty", .unit(.one)
        ),
        (
            [
                "quote_quantity", "quote_qty", "quote_order_qty", "quote_order_quantity", "quote_amount", "quote_size",
                "is_quote", "is_quote_quantity", "in_quote",
            ],
            "qty", .unit(.nothing)
        ),
        (["qty_unit", "quantity_unit"], "qty", .unit(.word("base"))),
        (["tgt_ccy"], "qty", .unit(.word("base_ccy"))),
        (["limit_price", "order_price", "px"], "price", .alias),
        (["order_side", "trade_side"], "side", .alias),
        (["direction"], "side", .substitute),
        (["is_reduce_only", "close_only"], "reduceOnly", .alias),
        (["pos_side"], "positionSide", .alias),
    ]

    package static let all: [PlanLookalike] =
        PlanField.all.dropLast().map {
            PlanLookalike(name: plain($0.names[0].description), field: $0.names[0], rule: .alias)
        }
        + foreign.flatMap { row in
            row.names.map { PlanLookalike(name: plain($0), field: row.field, rule: row.rule) }
        }

    /// Names one letter off are taken for these.
    private static let slips: [PlanLookalike] = zip(PlanField.all, all).filter { $0.0.hasSlips }.map(\.1)

    /// The table of the contract.
    package static var markdown: String {
        let rows = foreign.map { row in
            let names = row.names.map { "`\($0)`" }.joined(separator: ", ")
            let allowed =
                switch row.rule {
                case .alias: "says the same as `\(row.field)`"
                case .substitute: "stands beside `\(row.field)`"
                case .unit(let neutral): "is `\(neutral.text)` or empty"
                }
            return "| \(names) | \(allowed) |"
        }
        return (["| field | allowed if it |", "|---|---|"] + rows).joined(separator: "\n")
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" }
    }
}

extension PlanLookalike {
    /// The longest name, without separators.
    private static let longest = 24

    /// By first letter, the lengths that a name may have to look like one of these, one bit each. Few names of a plan
    /// get past it.
    private static let lengths: [UInt32] = {
        var lengths = [UInt32](repeating: 0, count: 26)
        func add(_ name: String, _ range: ClosedRange<Int>) {
            guard let first = name.utf8.first else { return }
            for length in range { lengths[Int(first) - 0x61] |= 1 << UInt32(length) }
        }
        for lookalike in all { add(lookalike.name, lookalike.name.utf8.count...lookalike.name.utf8.count + 3) }
        for slip in slips { add(slip.name, slip.name.utf8.count - 1...slip.name.utf8.count + 4) }
        return lengths
    }()

    /// The accepted field that a name resembles without being one of its spellings; `nil` if there is none.
    static func find(_ name: Span<UInt8>) -> PlanLookalike? {
        guard let first = name.isEmpty ? nil : name[0], name.count < 32 else { return nil }
        let letter = (first | 0x20) &- 0x61
        if letter < 26, lengths[Int(letter)] & 1 << UInt32(name.count) == 0 { return nil }
        var plain = InlineArray<24, UInt8>(repeating: 0)
        var count = 0
        for index in name.indices {
            let byte = name[index]
            if byte == 0x5F || byte == 0x2D || byte == 0x2E || byte == 0x20 { continue }
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            guard count < longest, lower >= 0x61 && lower <= 0x7A || lower >= 0x30 && lower <= 0x39 else { return nil }
            plain[count] = lower
            count += 1
        }
        let bytes = plain.span.extracting(0..<count)
        return all.first { isSame($0.name, bytes) } ?? slips.first { isSlip($0.name, bytes) }
    }

    private static func isSame(_ name: String, _ bytes: Span<UInt8>) -> Bool {
        guard name.utf8.count == bytes.count else { return false }
        var index = 0
        for byte in name.utf8 {
            if byte != bytes[index] { return false }
            index += 1
        }
        return true
    }

    /// Whether one letter is wrong, missing or too much, or two neighbours are exchanged; not the first.
    private static func isSlip(_ name: String, _ bytes: Span<UInt8>) -> Bool {
        let name = Array(name.utf8)
        let (count, other) = (name.count, bytes.count)
        guard abs(count - other) <= 1, other > 0, name[0] == bytes[0] else { return false }
        var start = 0
        while start < min(count, other), name[start] == bytes[start] { start += 1 }
        var end = 0
        while end < min(count, other) - start, name[count - 1 - end] == bytes[other - 1 - end] { end += 1 }
        let (left, right) = (count - start - end, other - start - end)
        if left <= 1, right <= 1 { return true }
        return left == 2 && right == 2 && name[start] == bytes[start + 1] && name[start + 1] == bytes[start]
    }
}
