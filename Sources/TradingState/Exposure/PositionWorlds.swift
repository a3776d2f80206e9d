import GateAPI

/// All positions that a symbol may have: the last snapshot, and what is under way since.
///
/// Every permitted order may fill, in whole or in part, or not at all, until it is settled.
struct PositionWorlds {
    /// The signed position of the snapshot; `nil` if it is unknown.
    let position: Amount?
    let legs: PositionLegs?
    let account: Account<PositionPool>

    init(_ position: Position?, _ account: Account<PositionPool>?) {
        self.position = position?.quantity
        legs = position?.legs
        self.account = account ?? Account()
    }

    private var cappedBuys: Amount { account[.cappedBuy].plus(account[.closeShort]) }
    private var cappedSells: Amount { account[.cappedSell].plus(account[.closeLong]) }

    /// The lowest signed position there may be. Capped sells take a long position to zero at most.
    var lowest: Amount? {
        guard let position else { return nil }
        let capped = position.isPositive ? max(position.less(cappedSells), .zero) : position
        return capped.less(account[.sell]).less(account[.openShort])
    }

    /// The highest signed position there may be. Capped buys take a short position to zero at most.
    var highest: Amount? {
        guard let position else { return nil }
        let capped = position.isNegative ? min(position.plus(cappedBuys), .zero) : position
        return capped.plus(account[.buy]).plus(account[.openLong])
    }

    /// The most that an order may find to close, one without a direction in either; `nil` if that cannot be known.
    func closable(buying: Bool?) -> Amount? {
        guard let lowest, let highest else { return nil }
        let short = max(-lowest, legs == nil ? .zero : most(of: .short) ?? .zero)
        let long = max(highest, legs == nil ? .zero : most(of: .long) ?? .zero)
        return buying.map { $0 ? short : long } ?? max(short, long)
    }

    /// The orders that leave more to close, for an order in one direction or for one without.
    func closingRoom(buying: Bool?) -> ClosingRoom {
        var lanes: LaneSet = buying.map { $0 ? .shortening : .lengthening } ?? .opening
        // Without an order that may take the position to the other side, nothing there is left to close.
        if buying != nil, legs == nil, account.totals.sum(lanes).isZero {
            return ClosingRoom(lanes: lanes, underWay: .zero)
        }
        // Capped orders count while they bring the opposite position nearer to zero.
        let capped: [PositionPool.Lane] =
            switch position {
            case let position? where position.isNegative && buying != true: [.cappedBuy, .closeShort]
            case let position? where position.isPositive && buying != false: [.cappedSell, .closeLong]
            default: []
            }
        for lane in capped { lanes.insert(lane.rawValue) }
        return ClosingRoom(lanes: lanes, underWay: account.totals.sum(lanes))
    }

    /// The most position in an order's direction before the order. A position on the other side is no credit: a close
    /// that is granted later may take it away before the order fills.
    func most(buying: Bool) -> Amount? {
        position.map { max(buying ? $0 : -$0, .zero).plus(account.totals.sum(buying ? .buying : .selling)) }
    }

    /// The least of the opposite position that an order finds; negative if it may find none. Orders that open a leg may
    /// take it back, too.
    func left(buying: Bool) -> Amount? {
        buying ? highest.map { -$0.plus(account[.openShort]) } : lowest?.less(account[.openLong])
    }

    /// The room of an order that leaves `left` of the opposite position. As long as there is any, capped orders count in
    /// full.
    func room(buying: Bool, _ order: Amount, left: Amount, _ lane: PositionPool.Lane) -> Room {
        let lanes: LaneSet = buying ? .buyingOrCapped : .sellingOrCapped
        return Room(lanes: lanes, lane: lane, limit: account.totals.sum(lanes).plus(left), order: order)
    }

    /// The most of a leg there may be; `nil` if that cannot be known. An order that names no leg may open either.
    func most(of leg: PositionLeg) -> Amount? {
        switch leg {
        case .long: held(leg)?.plus(account[.openLong]).plus(account[.buy])
        case .short: held(leg)?.plus(account[.openShort]).plus(account[.sell])
        }
    }

    /// The most that both legs may come to together. A record of one position shows at least that much.
    var mostOfBothLegs: Amount? {
        (legs.map { $0.long.plus($0.short) } ?? position?.magnitude)?.plus(account.totals.sum(.opening))
    }

    /// A record of one position tells nothing about the other leg.
    private func held(_ leg: PositionLeg) -> Amount? {
        if let legs { return leg == .long ? legs.long : legs.short }
        return position.flatMap { (leg == .long ? $0.isPositive : $0.isNegative) ? $0.magnitude : nil }
    }
}

extension LaneSet {
    private init(_ lanes: [PositionPool.Lane]) {
        self.init(lanes.map(\.rawValue))
    }

    static let buying = LaneSet([.buy, .openLong, .openShort])
    static let selling = LaneSet([.sell, .openLong, .openShort])
    static let lengthening = LaneSet([.buy, .openLong])
    static let shortening = LaneSet([.sell, .openShort])
    static let buyingOrCapped = LaneSet([.buy, .openLong, .openShort, .cappedBuy, .closeShort])
    static let sellingOrCapped = LaneSet([.sell, .openLong, .openShort, .cappedSell, .closeLong])
    /// All that may make a leg larger.
    static let opening = LaneSet([.buy, .sell, .openLong, .openShort])
}
