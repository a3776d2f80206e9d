package import GateAPI
import Synchronization

/// The effective mode, shared by the cycle, the lease's keeper and the endpoints. The record in Redis decides it.
package final class ModeControl: Sendable {
    private struct State {
        var current: RiskMode
        /// The newest record seen.
        var record: ModeRecord?
        /// Whether a first cycle has compared the record with `P28_MODE`.
        var isReconciled = false
    }

    /// `P28_MODE`.
    package let environment: RiskMode
    package let authority: ModeAuthority
    /// The time since this instance took `P28_MODE` from its environment.
    private let uptime: @Sendable () -> Duration
    private let state: Mutex<State>

    package init(
        environment: RiskMode, authority: ModeAuthority = .redis,
        uptime: @escaping @Sendable () -> Duration = { .zero }
    ) {
        self.environment = environment
        self.authority = authority
        self.uptime = uptime
        state = Mutex(State(current: environment))
    }

    package var current: RiskMode { state.withLock { $0.current } }

    /// The newest record seen; `nil` if there was none yet.
    package var record: ModeRecord? { state.withLock { $0.record } }

    /// Whether the mode was decided under another `P28_MODE` than that of this instance.
    package var differsFromSetting: Bool {
        state.withLock { state in state.record.map { $0.environment != environment } ?? false }
    }

    /// Takes over a record from Redis. Returns it if it changes the mode.
    @discardableResult
    package func follow(_ record: ModeRecord?) -> ModeRecord? {
        state.withLock { state in
            guard let record, record.version >= state.record?.version ?? 0 else { return nil }
            state.record = record
            guard state.current != record.mode else { return nil }
            state.current = record.mode
            return record
        }
    }

    /// The action before a cycle writes budgets.
    package enum Reconciliation: Sendable, Equatable {
        case unchanged
        /// The record holds another mode, which now applies.
        case adopted(ModeRecord)
        /// Redis has no record, or has lost the newest one: this one must be written.
        case store(ModeRecord)
        /// `P28_MODE` replaces the mode of a record: the new one must be written.
        case superseded(ModeRecord, by: ModeRecord)
    }

    /// Compares the record in Redis with `P28_MODE`, once in the life of the process, and with what was seen before.
    /// - Parameter now: Redis' time, as that of the record.
    package func reconcile(_ record: ModeRecord?, now: Timestamp) -> Reconciliation {
        state.withLock { state in
            if let known = state.record, record.map({ $0.version < known.version }) ?? true { return .store(known) }
            let isFirst = !state.isReconciled
            guard let record else { return .store(own(version: 1, now)) }
            if isFirst, supersedes(record, now) {
                return .superseded(record, by: own(version: record.version + 1, now))
            }
            state.isReconciled = true
            state.record = record
            guard state.current != record.mode else { return .unchanged }
            state.current = record.mode
            return .adopted(record)
        }
    }

    /// Call when the record of a reconciliation is written.
    package func stored(_ record: ModeRecord) {
        state.withLock { state in
            state.isReconciled = true
            state.record = record
            state.current = record.mode
        }
    }

    private func own(version: Int, _ now: Timestamp) -> ModeRecord {
        ModeRecord(mode: environment, environment: environment, changedAt: now, origin: .environment, version: version)
    }

    /// The later deliberate act counts: a change at run time, or the start of a process with another `P28_MODE`.
    private func supersedes(_ record: ModeRecord, _ now: Timestamp) -> Bool {
        switch authority {
        case .redis: record.environment != environment && now.since(record.changedAt) >= uptime()
        case .env: record.mode != environment
        }
    }
}
