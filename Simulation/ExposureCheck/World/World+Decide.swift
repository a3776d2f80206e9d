import TradingState

extension World {
    /// A host judges an order and commits the decision.
    ///
    /// - Returns: what is wrong with the decision, and whether the decision record says that a gate failed open.
    mutating func decide(_ number: Int, by host: Int, isSmall: Bool, _ model: Model) -> (Finding?, mayExceed: Bool) {
        guard let slot = free(model.scenario) else { return (nil, false) }
        let order = model.scenario.orders[number]
        let evidence = Evidence(hosts[host], self, model)
        let ruling = model.rules.ruling(on: number, evidence)
        let judged = self
        guard case .done = commit(ruling, number, by: host, in: slot, isSmall: isSmall, model) else {
            return (nil, false)
        }
        var touched = judged
        touched.touch(model, by: host)
        let finding =
            touched.checkClose(order, ruling, model)
            ?? touched.checkOpen(order, ruling, evidence, model)
        return (finding, model.scenario.fallback == .allow && ruling.hasFailed && ruling.quantity > 0)
    }

    /// An order that reduces is never blocked, and granted as much as there is to close.
    private func checkClose(_ order: Order, _ ruling: Ruling, _ model: Model) -> Finding? {
        guard order.namesLeg == (model.scenario.mode == .hedge) else { return nil }
        let due = min(order.quantity, holding.closable(by: order))
        if ruling.answer == .block, order.isCapped || due > 0 {
            return Finding(property: .closes, what: "\(order) is blocked, and would close \(due)")
        }
        guard order.isCapped || ruling.answer == .capped, ruling.quantity < due else { return nil }
        return Finding(property: .closes, what: "\(order) is granted for \(ruling.quantity), and would close \(due)")
    }

    /// An order that is within the budget in every world passes as it is.
    private func checkOpen(_ order: Order, _ ruling: Ruling, _ evidence: Evidence, _ model: Model) -> Finding? {
        guard ruling.answer != .pass, !order.isCapped, case .known(let seen) = evidence.record,
            case .budget(let budget) = evidence.limit, order.namesLeg == (model.scenario.mode == .hedge)
        else { return nil }
        var live = LaneSums()
        for slot in 0..<Self.slots where grants[slot].isLive {
            let order = model.scenario.order(of: grants[slot])
            live += LaneSums(Int(grants[slot].counted), in: order.lanes(isCapped: grants[slot].isCapped))
        }
        let most = seen.most(order, live, model.scenario.mode) + order.quantity
        guard most <= budget else { return nil }
        // It may be capped, for all that it asks, if it only closes whatever fills.
        if ruling.answer == .capped, ruling.quantity == order.quantity, model.scenario.mode == .oneWay,
            seen.left(order, live) >= order.quantity
        {
            return nil
        }
        return Finding(property: .opens, what: "\(order) does not pass, and at most \(most) could be there")
    }
}

extension Holding {
    /// The least that an order finds to close, by the checker's own reckoning; negative if it may find none.
    fileprivate func left(_ order: Order, _ live: LaneSums) -> Int {
        order.isBuy
            ? -min(Int(first) + live[.cappedBuy], 0) - live[.buy]
            : max(Int(first) - live[.cappedSell], 0) - live[.sell]
    }

    /// The most position in an order's direction, by the checker's own reckoning.
    fileprivate func most(_ order: Order, _ live: LaneSums, _ mode: PositionMode) -> Int {
        let held = Int(first)
        switch order.kind {
        case _ where mode == .hedge:
            return held + Int(short) + live.sum(LaneSums.Mask([.buy, .sell, .openLong, .openShort]))
        // A close may come first at any time.
        case .buy, .reduceOnlyBuy: return max(held, 0) + live[.buy]
        default: return max(-held, 0) + live[.sell]
        }
    }
}
