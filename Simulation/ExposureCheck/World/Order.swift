import GateAPI
import TradingState

/// One kind of order that a plan may ask for, and what the checker itself knows about it: the rules are not asked.
struct Order: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case buy, sell
        case reduceOnlyBuy, reduceOnlySell
        /// A full close with side SELL that does not say reduce-only.
        case fullCloseSell
        /// A full close without a side: the exchange closes whatever is there.
        case fullClose
        /// A full close with side SELL that names no quantity.
        case closeAll
        case openLong, closeLong, openShort, closeShort
    }

    let kind: Kind
    let quantity: Int

    init(_ kind: Kind, _ quantity: Int = 1) {
        self.kind = kind
        self.quantity = quantity
    }

    /// Whether the exchange itself caps the order at what is there to close.
    var isCapped: Bool {
        switch kind {
        case .buy, .sell, .fullCloseSell, .openLong, .openShort: false
        case .reduceOnlyBuy, .reduceOnlySell, .fullClose, .closeAll, .closeLong, .closeShort: true
        }
    }

    /// In one-way mode, for an order that nothing caps.
    var isBuy: Bool { kind == .buy }

    var namesLeg: Bool {
        switch kind {
        case .openLong, .closeLong, .openShort, .closeShort: true
        default: false
        }
    }

    /// The lanes in which a grant counts.
    /// - Parameter isCapped: whether the permit is one that may only reduce.
    func lanes(isCapped: Bool) -> LaneSums.Mask {
        switch kind {
        case .buy: LaneSums.Mask([isCapped ? .cappedBuy : .buy])
        case .sell, .fullCloseSell: LaneSums.Mask([isCapped ? .cappedSell : .sell])
        case .reduceOnlyBuy: LaneSums.Mask([.cappedBuy])
        case .reduceOnlySell, .closeAll: LaneSums.Mask([.cappedSell])
        case .fullClose: LaneSums.Mask([.cappedBuy, .cappedSell])
        case .openLong: LaneSums.Mask([.openLong])
        case .closeLong: LaneSums.Mask([.closeLong])
        case .openShort: LaneSums.Mask([.openShort])
        case .closeShort: LaneSums.Mask([.closeShort])
        }
    }

    /// The plan as a publisher sends it.
    /// - Parameter omitting: fields to leave out, for a flaw that does not read them.
    func fields(omitting: Set<String> = []) -> Fields {
        var fields: [(name: String, value: String)] = [
            ("plan_id", "p1"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT"), ("price", "1"),
        ]
        if kind != .closeAll { fields.append(("qty", "\(quantity)")) }
        fields += kind.fields.filter { !omitting.contains($0.name) }
        return Fields(fields)
    }
}

extension Order.Kind {
    fileprivate var fields: [(name: String, value: String)] {
        switch self {
        case .buy: [("action", "ENTRY_PROPOSED"), ("side", "BUY")]
        case .sell: [("action", "ENTRY_PROPOSED"), ("side", "SELL")]
        case .reduceOnlyBuy: [("side", "BUY"), ("reduceOnly", "true")]
        case .reduceOnlySell: [("side", "SELL"), ("reduceOnly", "true")]
        case .fullCloseSell, .closeAll: [("action", "FULL_CLOSE_PROPOSED"), ("side", "SELL")]
        case .fullClose: [("action", "FULL_CLOSE_PROPOSED")]
        case .openLong: [("side", "BUY"), ("positionSide", "LONG")]
        case .closeLong: [("side", "SELL"), ("positionSide", "LONG")]
        case .openShort: [("side", "SELL"), ("positionSide", "SHORT")]
        case .closeShort: [("side", "BUY"), ("positionSide", "SHORT")]
        }
    }
}

extension Order: CustomStringConvertible {
    var description: String { "\(kind) \(quantity)" }
}
