import GateAPI
import GateHost

/// A second, simple parser of the same rules: plain text, look-ups from the front, no shared code.
struct IntentOracle {
    private let pairs: [FuzzSections.Pair]

    /// - Parameter sent: the fields that were put into the reply, if they are known.
    static func check(_ entry: StreamEntry, sent: [FuzzSections.Pair]?) {
        check(entry.id)
        let read: [FuzzSections.Pair] = entry.fields.positions.map {
            (Array(entry.fields.bytes($0.name)), Array(entry.fields.bytes($0.value)))
        }
        if let sent {
            demand(read.elementsEqual(sent, by: ==), "the fields that were sent, instead of \(read)")
        }
        let oracle = IntentOracle(pairs: read)
        switch entry.parsed {
        case .rejected(let reason):
            demandEqual(reason, oracle.rejection, "why \(entry.fields.pairs) is no intent")
        case .skip(let planID, let symbol, let decision):
            demandEqual(nil, oracle.rejection, "whether \(entry.fields.pairs) is an intent")
            demand(decision != "EXECUTE", "EXECUTE not to be skipped")
            demandEqual(decision, oracle["decision"] ?? "SKIP", "the decision of a skipped plan")
            demandEqual(planID, oracle["plan_id"], "the id of a skipped plan")
            demandEqual(symbol, oracle["symbol"] ?? "", "the symbol of a skipped plan")
        case .execute(let intent):
            demandEqual(nil, oracle.rejection, "whether \(entry.fields.pairs) is an intent")
            demandEqual("EXECUTE", oracle["decision"], "the decision of an intent")
            oracle.check(intent)
            ExposureOracle.check(intent)
        }
    }

    static func check(_ id: EntryID) {
        demandEqual(EntryID(id.description), id, "the id \(id)")
    }

    private subscript(name: String) -> String? {
        pairs.first { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The rules in the order in which the parser applies them.
    private var rejection: IntentRejection? {
        if pairs.count > Intent.maximumFields { return .tooManyFields }
        if pairs.reduce(0, { $0 + $1.name.count + $1.value.count }) > Intent.maximumBytes { return .tooLarge }
        guard let planID = self["plan_id"] else { return .missingPlanID }
        guard Intent.isPlanID(planID) else { return .invalidPlanID }
        if Set(pairs.map(\.name)).count < pairs.count { return .duplicateField }
        guard self["decision"] == "EXECUTE" else { return nil }
        guard let symbol = self["symbol"], !symbol.isEmpty else { return .missingSymbol }
        return Symbol(symbol) == nil ? .invalidSymbol : nil
    }

    private func check(_ intent: Intent) {
        demandEqual(intent.planID, self["plan_id"], "the plan id")
        demand(
            (1...Intent.maximumPlanIDLength).contains(intent.planID.utf8.count)
                && !intent.planID.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == 0x3A },
            "a plan id without blanks, control characters and colons, instead of \(intent.planID)")
        demandEqual(intent.symbol, self["symbol"].flatMap { Symbol($0) }, "the symbol")
        demand(
            !intent.symbol.name.utf8.contains { (0x61...0x7A).contains($0) || $0 <= 0x20 || $0 == 0x7F },
            "a symbol in capitals, not \(intent.symbol)")
        demandEqual(intent.quantity, closesPosition ? .absent : positive("qty"), "the quantity")
        let price = positive("price")
        demandEqual(intent.price, price == .absent ? positive("entry_price") : price, "the price")
        demandEqual(intent.closeQuantity, positive("close_qty").value, "the quantity to close")
        demandEqual(intent.reduceOnly, flag("reduceOnly"), "whether it only reduces")
        demandEqual(intent.action, Action(self["action"] ?? ""), "the action")
        demandEqual(intent.side, side, "the side")
        if let fraction = intent.closeFraction {
            demand(
                fraction.isPositive && fraction <= .one && intent.action.isClose,
                "a part of the position, of a close, instead of \(fraction)")
        }
        if intent.action == .fullClose { demandEqual(intent.closeFraction, .one, "the part that a full close closes") }
        if let percent = named("PARTIAL_") {
            demandEqual(intent.closeFraction, percent, "the part that \(self["action"] ?? "") closes")
        }
    }

    private func positive(_ name: String) -> Reading<Amount> {
        guard let value = pairs.first(where: { $0.name.elementsEqual(name.utf8) })?.value, !value.isEmpty else {
            return .absent
        }
        // Uses the amount's own parser, which the target `amount` checks. What a plan takes on is rounded up.
        let read = Result { () throws(AmountError) in try Amount(ascii: value.span, rounding: .awayFromZero) }
        switch read {
        case .success(let amount): return amount.isPositive ? .value(amount) : amount.isZero ? .absent : .malformed
        case .failure(.nonFinite): return .nonFinite
        case .failure: return .malformed
        }
    }

    private var closesPosition: Bool {
        flag("closePosition") == .value(true) || flag("close_position") == .value(true)
    }

    private func flag(_ name: String) -> Reading<Bool> {
        switch self[name]?.lowercased() {
        case nil, "": .absent
        case "true", "1": .value(true)
        case "false", "0": .value(false)
        default: .malformed
        }
    }

    private var side: Side? {
        // Only ASCII letters have two cases here.
        switch self["side"].map({ String(decoding: $0.utf8.map(Self.upper), as: UTF8.self) }) {
        case "BUY", "LONG": .buy
        case "SELL", "SHORT": .sell
        case "CLOSE": .close
        default: nil
        }
    }

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }

    /// The fraction of the percentage at the end of the action's name.
    private func named(_ prefix: String) -> Amount? {
        guard let action = self["action"], action.uppercased().hasPrefix(prefix),
            let percent = try? Amount(String(action.dropFirst(prefix.count))), percent <= 100,
            let part = try? percent.divided(by: 100), part.isPositive
        else { return nil }
        return part
    }
}
