/// A position: in one-way mode one signed quantity, in hedge mode two legs.
struct Holding: Equatable {
    /// The signed quantity, or the long leg.
    var first: Int8 = 0
    /// The short leg, zero or more; zero in one-way mode.
    var short: Int8 = 0

    static let flat = Holding()

    var isFlat: Bool { first == 0 && short == 0 }

    var code: UInt64 { UInt64(UInt8(bitPattern: first)) | UInt64(UInt8(bitPattern: short)) << 8 }

    func text(_ mode: PositionMode) -> String {
        switch mode {
        case .oneWay: first > 0 ? "long \(first)" : first < 0 ? "short \(-first)" : "flat"
        case .hedge: "long \(first), short \(short)"
        }
    }
}

enum PositionMode: Sendable {
    case oneWay, hedge
}

// MARK: The exchange

extension Holding {
    /// The most that an order may fill now; `nil` if the exchange refuses it in this mode.
    func room(for order: Order, isCapped: Bool, _ mode: PositionMode) -> Int? {
        guard order.namesLeg == (mode == .hedge) else { return nil }
        return isCapped ? closable(by: order) : Int.max
    }

    /// What an order would find to close.
    func closable(by order: Order) -> Int {
        switch order.kind {
        case .buy, .reduceOnlyBuy: Int(max(-first, 0))
        case .sell, .reduceOnlySell, .fullCloseSell, .closeAll: Int(max(first, 0))
        case .fullClose: Int(abs(first))
        case .closeLong: Int(first)
        case .closeShort: Int(short)
        case .openLong, .openShort: 0
        }
    }

    mutating func fill(_ order: Order, _ quantity: Int) {
        let quantity = Int8(quantity)
        switch order.kind {
        case .buy, .reduceOnlyBuy, .openLong: first += quantity
        case .sell, .reduceOnlySell, .fullCloseSell, .closeAll, .closeLong: first -= quantity
        case .fullClose: first -= first > 0 ? quantity : -quantity
        case .openShort: short += quantity
        case .closeShort: short -= quantity
        }
    }
}
