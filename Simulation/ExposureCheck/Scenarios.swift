extension Scenario {
    /// All scenarios, each with its own orders and disturbances.
    public static let all = [
        oneWay, closes, failOpen, failClosed, killed, hedge, garbled, lives, turns, lags, batches, sizes,
    ]

    /// Two hosts and a budget of one.
    static let oneWay = Scenario(
        name: "one-way", depth: (7, 9), orders: [Order(.buy), Order(.sell, 2), Order(.reduceOnlySell)],
        starts: [Start(), Start(hasSnapshot: false), Start(first: 1)],
        events: [.partialFills, .refusals, .recordExpires])

    /// A position over the budget, and closes of every kind.
    static let closes = Scenario(
        name: "closes", depth: (8, 11),
        orders: [Order(.sell, 2), Order(.fullCloseSell, 2), Order(.fullClose, 2), Order(.reduceOnlyBuy), Order(.buy)],
        starts: [Start(first: 2), Start(first: -2), Start(first: 1)], events: [.partialFills], hosts: 1)

    static let failOpen = Scenario(
        name: "fail-open", depth: (7, 9), orders: [Order(.buy), Order(.sell, 2), Order(.fullCloseSell)],
        starts: [Start(), Start(first: 2)], events: [.budgetVanishes, .budgetMoves, .recordExpires])

    static let failClosed = Scenario(
        name: "fail-closed", depth: (7, 9), orders: [Order(.buy), Order(.sell, 2), Order(.fullClose, 2)],
        starts: [Start(first: 2), Start(first: 2, hasSnapshot: false), Start()],
        events: [.budgetVanishes, .recordExpires], fallback: .deny)

    static let killed = Scenario(
        name: "kill switch", depth: (7, 9), orders: [Order(.buy), Order(.sell, 2), Order(.reduceOnlySell)],
        starts: [Start(), Start(first: 2)], events: [.killSwitch, .refusals])

    static let hedge = Scenario(
        name: "hedge", depth: (6, 8), mode: .hedge,
        orders: [Order(.openLong), Order(.closeLong, 2), Order(.openShort), Order(.closeShort), Order(.buy)],
        starts: [Start(), Start(first: 1, short: 1)], events: [.partialFills], hosts: 2, budget: 2)

    static let garbled = Scenario(
        name: "garbled total", depth: (8, 11), orders: [Order(.buy), Order(.reduceOnlySell)],
        starts: [Start(), Start(first: 1)], events: [.garbles], hosts: 2)

    /// Few kinds of orders and no more than two at a time, so that long courses are followed: expiries, late reports,
    /// lost records.
    static let lives = Scenario(
        name: "lives", depth: (60, 60), orders: [Order(.buy)], starts: [Start(), Start(hasSnapshot: false)],
        events: [.recordExpires], hosts: 1, grants: 2, fallback: .deny)

    /// The same with closes.
    static let turns = Scenario(
        name: "turns", depth: (12, 20), orders: [Order(.buy), Order(.sell)],
        starts: [Start(), Start(hasSnapshot: false)],
        events: [.recordExpires], hosts: 1, grants: 2, fallback: .deny)

    /// Permits and orders that live longer, and a host that judges by snapshots that are no longer in Redis.
    static let lags = Scenario(
        name: "lags", depth: (10, 15), orders: [Order(.buy)], starts: [Start(), Start(hasSnapshot: false)],
        events: [.recordExpires], hosts: 2, grants: 2, fallback: .deny, lives: Lives(permit: 2, order: 2, lag: 1))

    /// Large batches, whose commits read accounts only where they must.
    static let batches = Scenario(
        name: "batches", depth: (8, 11), orders: [Order(.buy), Order(.reduceOnlySell)],
        starts: [Start(), Start(first: 1)], events: [.largeBatches, .recordExpires], hosts: 2)

    /// Closes that name no quantity.
    static let sizes = Scenario(
        name: "sizes", depth: (9, 12), orders: [Order(.buy), Order(.closeAll, 3)],
        starts: [Start(), Start(first: 2), Start(first: 2, hasSnapshot: false)],
        events: [.recordExpires, .partialFills],
        hosts: 2, grants: 2, fallback: .deny)
}
