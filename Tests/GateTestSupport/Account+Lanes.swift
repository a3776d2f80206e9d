package import GateAPI
package import TradingState

extension Account {
    /// An account with these sums under way.
    package init(_ lanes: [(Pool.Lane, Amount)]) {
        self.init()
        for (lane, amount) in lanes { self[lane] = self[lane].plus(amount) }
    }
}

extension Claim {
    /// Whether the claim's bound holds with these sums under way.
    package func holds(with totals: LaneTotals) -> Bool {
        guard let bound else { return true }
        let sum = totals.sum(bound.lanes)
        return switch bound.relation {
        case .atMost: sum <= bound.limit
        case .moreThan: sum > bound.limit
        }
    }
}
