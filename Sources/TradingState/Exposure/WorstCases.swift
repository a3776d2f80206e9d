package import GateAPI

/// The two worst cases of a symbol, as the rules in this folder compute them for an intent. In base asset; `nil` if
/// they cannot be known.
package struct WorstCases: Sendable, Equatable {
    package struct Side: Sendable, Equatable {
        /// The most exposure there may be in this direction: what an order that opens in it is judged by, without
        /// itself.
        package let mostExposure: Amount?
        /// The most position in this direction that may remain to close.
        package let mostToClose: Amount?
    }

    package let long: Side
    package let short: Side
    /// In hedge mode the most that both legs may come to together: what an order that opens a leg is judged by, without
    /// itself.
    package let legs: Amount?

    package init(_ position: Position?, _ account: Account<PositionPool>) {
        let worlds = PositionWorlds(position, account)
        func side(buying: Bool) -> Side {
            Side(
                mostExposure: worlds.most(buying: buying),
                mostToClose: worlds.closable(buying: !buying))
        }
        long = side(buying: true)
        short = side(buying: false)
        let lanes: [PositionPool.Lane] = [.openLong, .closeLong, .openShort, .closeShort]
        let isHedged = position?.legs != nil || lanes.contains { !account[$0].isZero }
        legs = isHedged ? worlds.mostOfBothLegs : nil
    }
}
