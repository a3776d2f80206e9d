extension World {
    private static let mostAllowed = 4

    /// All events that may come next.
    func events(_ model: Model, _ body: (Event) -> Void) {
        let scenario = model.scenario
        // A gate that fails open could let the position grow without end.
        if free(scenario) != nil, max(allowed.long, allowed.short) <= Self.mostAllowed {
            for host in 0..<scenario.hosts {
                for order in scenario.orders.indices {
                    body(.decide(host: host, order: order, isSmall: true))
                    if scenario.events.contains(.largeBatches) {
                        body(.decide(host: host, order: order, isSmall: false))
                    }
                }
            }
        }
        for host in 0..<scenario.hosts {
            if mayLearn(host, model) { body(.read(host: host)) }
            if hosts[host].snapshot != snapshot { body(.readAccount(host: host)) }
            if scenario.events.contains(.largeBatches), account.lastCommit != host + 1 {
                body(.commitOther(host: host))
            }
        }
        for slot in 0..<Self.slots where !grants[slot].isFree && !isTwin(slot) {
            grantEvents(slot, scenario, body)
        }
        body(.observe)
        if publisher.hasRead {
            for late in 0...Int(model.lives.skew) { body(.publish(late: late)) }
        }
        body(.tick)
        if scenario.events.contains(.recordExpires), snapshot.exists, -snapshot.stamp > model.lives.maxAge {
            body(.recordExpires)
        }
        if scenario.events.contains(.budgetVanishes) {
            body(budget == nil ? .setBudget(Int(scenario.budget)) : .removeBudget)
        }
        if scenario.events.contains(.budgetMoves), let budget { body(.setBudget(3 - Int(budget))) }
        if scenario.events.contains(.killSwitch) { body(isKilled ? .revive : .kill) }
        if scenario.events.contains(.garbles), !account.isGarbled, !account.isEmpty { body(.garble) }
    }

    private func grantEvents(_ slot: Int, _ scenario: Scenario, _ body: (Event) -> Void) {
        let grant = grants[slot]
        if grant.permit > 0 {
            body(.take(slot: slot, isRefused: false))
            if scenario.events.contains(.refusals) { body(.take(slot: slot, isRefused: true)) }
        }
        if grant.left > 0 {
            let room = holding.room(for: scenario.order(of: grant), isCapped: grant.isCapped, scenario.mode) ?? 0
            let most = min(Int(grant.left), room)
            if most > 0 { body(.fill(slot: slot, quantity: most)) }
            if most > 1, scenario.events.contains(.partialFills) { body(.fill(slot: slot, quantity: 1)) }
            body(.cancel(slot: slot))
        }
        for kind in ReportKind.allCases where mayReport(kind, on: slot) {
            // A full fill is told in the same way with and without its quantity.
            if kind == .filled, grant.filled == grant.quantity { continue }
            body(.report(slot: slot, kind))
        }
    }

    /// Whether a host learns anything by reading, or tidies anything.
    private func mayLearn(_ host: Int, _ model: Model) -> Bool {
        let view = hosts[host]
        if view.snapshot != snapshot || view.totals != account.total || view.isHeld != account.isHeld { return true }
        for index in 0..<LedgerAccount.capacity {
            let bucket = account.buckets[index]
            if bucket.kind != .none, model.fate(bucket.kind, time: bucket.time, snapshot: snapshot.stamp) != .stays {
                return true
            }
        }
        return account.isGarbled
    }

    /// Whether an equal grant lies before this one: its events lead to the same states.
    private func isTwin(_ slot: Int) -> Bool {
        slot > 0 && grants[slot].code == grants[slot - 1].code
    }
}
