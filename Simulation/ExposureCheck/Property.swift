/// The properties that are checked in every state.
public enum Property: String, CaseIterable, Sendable {
    /// Permits cannot take the position over the budget, unless a recorded fail-open let them. This is more than
    /// that the position is within the budget: whatever is permitted may be filled in the next steps.
    case budget
    /// No order that reduces is blocked, or granted for less than there is to close.
    case closes
    /// No order is blocked or capped that is within the budget whatever fills.
    case opens
    /// Every share comes back in bounded time.
    case returns
    /// The account's total is the sum of its buckets, and that of all live grants.
    case sums
}

struct Finding {
    let property: Property
    let what: String
}

extension World {
    /// The properties of a state. Tells also how much may be there from now on.
    mutating func check(_ model: Model, mayExceed: Bool) -> Finding? {
        let reach = reach(model.scenario)
        let furthest = self.reach(model.scenario, afterClose: true)
        if mayExceed {
            allowed = Reach(long: max(allowed.long, furthest.long), short: max(allowed.short, furthest.short))
        }
        if reach.long > allowed.long || reach.short > allowed.short {
            let (most, limit) =
                reach.long > allowed.long ? (reach.long, allowed.long) : (reach.short, allowed.short)
            return Finding(
                property: .budget,
                what: "the position may reach \(most) where at most \(limit) is allowed; it is "
                    + holding.text(model.scenario.mode))
        }
        let budget = budget ?? 0
        allowed = Reach(
            long: max(budget, min(allowed.long, furthest.long)),
            short: max(budget, min(allowed.short, furthest.short)))
        return sums(model) ?? returns(model)
    }

    private func sums(_ model: Model) -> Finding? {
        var live = LaneSums()
        for slot in 0..<Self.slots where grants[slot].isLive { live += model.lanes(of: grants[slot]) }
        let buckets = account.sumOfBuckets
        guard buckets == live, account.isGarbled || account.total == live else {
            return Finding(
                property: .sums, what: "the total is \(account.total), the buckets \(buckets), the grants \(live)")
        }
        return nil
    }

    /// Lets time pass, once with fresh snapshots and once with none.
    private func returns(_ model: Model) -> Finding? {
        if account.isEmpty { return nil }
        let lives = model.lives
        let last = max(lives.share, lives.skew)
        for (hasSnapshots, ticks) in [(true, last + lives.margin + 1), (false, last + lives.executed)] {
            var world = self
            for _ in 0..<ticks {
                world.account.tick(lives)
                for slot in 0..<Self.slots { world.grants[slot].tick(lives) }
                world.touch(model, snapshot: hasSnapshots ? 0 : Snapshot.never)
            }
            guard world.account.isEmpty else {
                return Finding(
                    property: .returns,
                    what: "after \(ticks) ticks \(hasSnapshots ? "with fresh snapshots" : "without a snapshot") "
                        + "the account is \(world.account.total)")
            }
        }
        return nil
    }
}
