import TradingState

/// A scenario, the rules, and at most one flaw that is planted in them.
struct Model {
    let scenario: Scenario
    let flaw: Flaw?
    let rules: Rules

    var lives: Lives { scenario.lives }

    init(_ scenario: Scenario, _ flaw: Flaw? = nil) {
        self.scenario = scenario
        self.flaw = flaw
        rules = Rules(scenario, flaw)
    }

    /// The lanes in which a grant counts.
    func lanes(of grant: Grant) -> LaneSums {
        let order = scenario.order(of: grant)
        // The flaw: what can only reduce takes from the budget too.
        let isCapped = flaw == .d5 ? false : grant.isCapped
        if flaw == .d5, order.kind == .reduceOnlyBuy || order.kind == .reduceOnlySell {
            let lane: LaneSums.Mask = LaneSums.Mask([order.kind == .reduceOnlyBuy ? .buy : .sell])
            return LaneSums(Int(grant.counted), in: lane)
        }
        return LaneSums(Int(grant.counted), in: order.lanes(isCapped: isCapped))
    }

    /// Whether a flaw keeps a permit out of the ledger.
    func takesNothing(_ ruling: Ruling, isCapped: Bool) -> Bool {
        switch flaw {
        case .a2: isCapped
        case .a9: ruling.hasFailed && scenario.fallback == .allow
        default: false
        }
    }
}
