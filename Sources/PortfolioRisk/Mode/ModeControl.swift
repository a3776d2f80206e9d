import Synchronization

/// The effective mode, shared by the cycle and the endpoints.
package final class ModeControl: Sendable {
    private struct State {
        var current: RiskMode
        /// Whether the first cycle has compared an earlier record with `P28_MODE`.
        var isReconciled = false
    }

    /// `P28_MODE`.
    package let environment: RiskMode
    private let state: Mutex<State>

    package init(environment: RiskMode) {
        self.environment = environment
        state = Mutex(State(current: environment))
    }

    package var current: RiskMode { state.withLock { $0.current } }

    package func set(_ mode: RiskMode) {
        state.withLock { $0.current = mode }
    }

    package enum Reconciliation: Sendable, Equatable {
        case unchanged
        /// The record holds another mode, which now applies.
        case adopted(ModeRecord)
        /// `P28_MODE` has changed since the record was written. The caller must delete the record and put the change on
        /// the audit trail.
        case superseded(ModeRecord)
    }

    /// Reconciles the mode with the record in Redis, once per cycle. After the first cycle every record is followed:
    /// another instance of the service wrote it.
    package func reconcile(_ record: ModeRecord?) -> Reconciliation {
        state.withLock { state in
            if let record, !state.isReconciled, record.environment != environment { return .superseded(record) }
            state.isReconciled = true
            guard let record else { return .unchanged }
            guard state.current != record.mode else { return .unchanged }
            state.current = record.mode
            return .adopted(record)
        }
    }
}
