package import GateAPI
import Synchronization

/// The newest cycle of this instance, for the endpoints.
package final class CycleBoard: Sendable {
    /// Why there is none.
    static let absence = "No cycle of this instance has ended yet, or it stands by: ask the one that holds the lease"

    private let lease: LeaseControl
    private let newest = Mutex<(outcome: CycleOutcome, term: LeaseTerm)?>(nil)

    package init(_ lease: LeaseControl) {
        self.lease = lease
    }

    /// `nil` before the first cycle of a term, and while this instance stands by: others compute then.
    package var outcome: CycleOutcome? {
        guard let newest = newest.withLock({ $0 }), newest.term == lease.term else { return nil }
        return newest.outcome
    }

    func post(_ outcome: CycleOutcome, of term: LeaseTerm) {
        newest.withLock { $0 = (outcome, term) }
    }
}

/// What a cycle believed and computed.
package struct CycleOutcome: Sendable {
    package let belief: EquityBelief
    package let mode: RiskMode
    /// Redis' time.
    package let computedAt: Timestamp
    /// `nil` if the cycle computed no budgets.
    package let result: BudgetComputation.Result?
}
