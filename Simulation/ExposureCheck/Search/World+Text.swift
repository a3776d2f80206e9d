extension World {
    /// The event in words, as it happens in this state.
    func text(_ event: Event, _ model: Model) -> String {
        func order(_ slot: Int) -> String { "\(model.scenario.order(of: grants[slot])) (\(grants[slot].quantity))" }
        return switch event {
        case .decide(let host, let number, let isSmall): decision(host, number, isSmall, model)
        case .commitOther(let host): "host \(host + 1) commits a decision on another symbol"
        case .readAccount(let host): "host \(host + 1) reads the account"
        case .read(let host): "host \(host + 1) reads account and snapshot"
        case .take(let slot, let isRefused):
            "the consumer takes the permit of \(order(slot))\(isRefused ? ", the exchange refuses" : " and places it")"
        case .fill(let slot, let quantity): "\(order(slot)) fills \(quantity)"
        case .cancel(let slot): "\(order(slot)) is cancelled"
        case .report(let slot, let kind): "report \(kind) on \(order(slot))"
        case .observe: "the publisher reads the position"
        case .publish(let late): "it writes the snapshot, stamped \(late) later"
        case .tick: "a tick passes"
        case .recordExpires: "the position record expires"
        case .setBudget(let budget): "the budget is \(budget)"
        case .removeBudget: "the budget record is gone"
        case .kill: "the kill switch is set"
        case .revive: "the kill switch is taken back"
        case .garble: "the account's total is garbled"
        }
    }

    private func decision(_ host: Int, _ number: Int, _ isSmall: Bool, _ model: Model) -> String {
        let evidence = Evidence(hosts[host], self, model)
        let ruling = model.rules.ruling(on: number, evidence)
        var copy = self
        let order = model.scenario.orders[number]
        guard let slot = free(model.scenario),
            case .done = copy.commit(ruling, number, by: host, in: slot, isSmall: isSmall, model)
        else {
            return
                "host \(host + 1) judges \(order) by \(evidence.record.text(model.scenario.mode)), and the commit refuses"
        }
        let size = isSmall ? "" : ", in a large batch"
        let answer =
            switch ruling.answer {
            case .pass where ruling.hasFailed && model.scenario.fallback == .allow: "permits (fail-open)"
            case .pass where ruling.quantity < order.quantity: "permits \(ruling.quantity) of"
            case .pass: "permits"
            case .capped: "permits, capped to \(ruling.quantity),"
            case .block: "blocks"
            }
        return "host \(host + 1) \(answer) \(order) by \(evidence.record.text(model.scenario.mode))\(size)"
    }

    func summary(_ model: Model) -> String {
        var parts = [holding.text(model.scenario.mode), "under way \(account.total)"]
        parts.append(
            snapshot.exists
                ? "snapshot \(snapshot.holding.text(model.scenario.mode)) at \(snapshot.stamp)" : "no snapshot")
        return parts.joined(separator: "; ")
    }
}

extension Evidence.Record {
    fileprivate func text(_ mode: PositionMode) -> String {
        switch self {
        case .known(let holding): "the position \(holding.text(mode))"
        case .assumedFlat: "an assumed flat position"
        case .lost: "a lost position record"
        case .stale(let holding): "a stale position, \(holding.text(mode))"
        }
    }
}
