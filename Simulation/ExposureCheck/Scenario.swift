/// What may happen in one search: which orders are proposed, which events there are, and how it begins.
public struct Scenario: Sendable {
    public let name: String
    /// Every course of so many events is followed: in the quick run, and in the long one.
    public let depth: (quick: Int, long: Int)
    var mode = PositionMode.oneWay
    var orders: [Order]
    var starts: [Start]
    var events: Set<Happening> = []
    var hosts = 2
    /// The most grants at a time.
    var grants = World.slots
    var fallback = Fallback.allow
    var budget: Int8 = 1
    var lives = Lives()

    /// How the world is at first: the position, and whether there is a snapshot of it.
    struct Start: Sendable {
        var first: Int8 = 0
        var short: Int8 = 0
        var hasSnapshot = true
    }

    /// Events that only some scenarios have.
    enum Happening: Sendable {
        /// Hosts commit large batches, too, which read accounts only where they must, and decide on other symbols.
        case largeBatches
        /// Orders fill in parts.
        case partialFills
        case refusals
        /// The position's record expires.
        case recordExpires
        /// The budget's record vanishes and comes back.
        case budgetVanishes
        /// The budget moves between one and two.
        case budgetMoves
        case killSwitch
        /// The account's total is garbled.
        case garbles
    }

    /// `on_failure` of a gate that cannot judge.
    enum Fallback: Sendable {
        case allow, deny
    }

    func order(of grant: Grant) -> Order { orders[Int(grant.number) - 1] }

    func world(_ start: Start) -> World {
        var world = World()
        world.holding = Holding(first: start.first, short: start.short)
        if start.hasSnapshot { world.snapshot = Snapshot(holding: world.holding, stamp: 0) }
        world.account.isHeld = !world.holding.isFlat
        world.budget = budget
        world.hosts = InlineArray(repeating: HostView())
        for host in 0..<2 {
            world.hosts[host].snapshot = world.snapshot
            world.hosts[host].isHeld = world.account.isHeld
        }
        let reach = world.reach(self)
        world.allowed = World.Reach(long: max(budget, reach.long), short: max(budget, reach.short))
        return world
    }
}

extension Scenario: CustomStringConvertible {
    public var description: String { name }
}
