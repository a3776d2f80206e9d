import GateAPI

/// The exchange that a test plays: one symbol in one-way mode. It honours `reduce_only`, fills orders whole, in parts,
/// late or never, and knows the true position.
struct TrueExchange {
    struct Order {
        let plan: String
        let buys: Bool
        let isCapped: Bool
        var rest: Amount
        var filled: Amount = 0
    }

    private(set) var position: Amount = 0
    /// Accepted and neither filled nor dead.
    private(set) var working: [Order] = []

    mutating func accept(_ order: Order) { working.append(order) }

    /// Fills up to a quantity of one working order. A capped order fills at most what there is to close.
    mutating func fill(_ index: Int, _ quantity: Amount) throws {
        var order = working[index]
        let closable = order.buys ? try max(.zero - position, 0) : max(position, 0)
        let part = min(order.rest, quantity, order.isCapped ? closable : quantity)
        position = order.buys ? try position + part : try position - part
        order.rest = try order.rest - part
        order.filled = try order.filled + part
        working[index] = order
    }

    /// The order is dead: filled, cancelled or, capped, out of anything to close.
    mutating func finish(_ index: Int) -> Order { working.remove(at: index) }

    /// The farthest that the position may get in each direction, if all that may still fill does, in the worst order.
    func extremes(_ live: [Order]) throws -> (lowest: Amount, highest: Amount) {
        var bought = Amount.zero, sold = Amount.zero, closedShort = Amount.zero, closedLong = Amount.zero
        for order in working + live {
            switch (order.buys, order.isCapped) {
            case (true, false): bought = try bought + order.rest
            case (false, false): sold = try sold + order.rest
            case (true, true): closedShort = try closedShort + order.rest
            case (false, true): closedLong = try closedLong + order.rest
            }
        }
        let low = position > 0 ? try max(position - closedLong, 0) : position
        let high = position < 0 ? try min(position + closedShort, 0) : position
        return (try low - sold, try high + bought)
    }
}
