import Synchronization

/// The mode in force, shared by the cycle and the endpoints.
package final class ModeControl: Sendable {
    private struct State {
        var current: RiskMode
        /// Whether what an earlier run left has been looked at.
        var isSettled = false
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

    package enum Finding: Sendable, Equatable {
        case nothing
        /// A change made at run time holds on.
        case adopted(ModeRecord)
        /// `P28_MODE` has been changed since: the record is to be removed, and the change put on the audit trail.
        case superseded(ModeRecord)
    }

    /// Takes what Redis says of the mode in a cycle. After the first cycle a record is always followed: another
    /// instance of the service took the change.
    package func settle(_ record: ModeRecord?) -> Finding {
        state.withLock { state in
            if let record, !state.isSettled, record.environment != environment { return .superseded(record) }
            state.isSettled = true
            guard let record else { return .nothing }
            guard state.current != record.mode else { return .nothing }
            state.current = record.mode
            return .adopted(record)
        }
    }
}
