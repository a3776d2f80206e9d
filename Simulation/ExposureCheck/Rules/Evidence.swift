/// The evidence that a host judges by.
struct Evidence {
    enum Record: Equatable {
        case known(Holding)
        case stale(Holding)
        /// There is no record, and none is known to have been lost.
        case assumedFlat
        /// There is no record, and there may be a position.
        case lost
    }

    enum Limit: Equatable {
        case budget(Int8)
        /// There is no budget record: the gate cannot judge.
        case missing
        /// The kill switch is on: nothing may open.
        case killed
    }

    var record: Record
    var totals: LaneSums
    /// Whether the account says that there may be a position.
    let isHeld: Bool
    let limit: Limit

    init(_ view: HostView, _ world: World, _ model: Model) {
        let seen = view.snapshot
        record =
            if !seen.exists {
                view.isHeld && model.flaw != .a5 ? .lost : .assumedFlat
            } else if -seen.stamp <= model.lives.maxAge {
                .known(seen.holding)
            } else {
                .stale(seen.holding)
            }
        totals = view.totals
        isHeld = view.isHeld && model.flaw != .a5
        limit = world.isKilled ? .killed : world.budget.map { .budget($0) } ?? .missing
    }

    /// The key under which the ruling is kept.
    func key(_ number: Int) -> UInt64 {
        var key = UInt64(totals.bits) | UInt64(number) << 32
        switch record {
        case .known(let holding): key |= holding.code << 40
        case .stale(let holding): key |= holding.code << 40 | 1 << 56
        case .assumedFlat: key |= 2 << 56
        case .lost: key |= 3 << 56
        }
        switch limit {
        case .budget(let budget): key |= UInt64(budget) << 58
        case .missing: key |= 6 << 58
        case .killed: key |= 7 << 58
        }
        return isHeld ? key | 1 << 61 : key
    }
}
