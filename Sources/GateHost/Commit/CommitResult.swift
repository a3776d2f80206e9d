/// The result of the commit for one entry. Raw values go on the wire.
package enum CommitResult: Int, Sendable {
    /// Another call had decided the entry: nothing was written.
    case alreadyDecided = 0
    /// Written as proposed.
    case applied = 1
    /// The plan id had its outcome from an equal body: recorded as a duplicate.
    case duplicate = 2
    /// The plan id had its outcome from another body: recorded as a block, `plan_id_reused`.
    case planIDReused = 3
    /// The plan id has a permit that this group did not give: recorded as a duplicate, as every later publication is.
    case permitExists = 4
    /// The optimistic lock was lost: another host has reserved since the records were read. Nothing was written, and
    /// the entry is still pending.
    case conflict = 5

    /// Whether the plan id of a judged intent certainly has an outcome now. After `alreadyDecided` it may have none,
    /// because the other decision may be that the entry's body is gone.
    var leavesOutcome: Bool {
        switch self {
        case .applied, .duplicate, .planIDReused, .permitExists: true
        case .alreadyDecided, .conflict: false
        }
    }

    /// The outcome as recorded; `nil` if this commit wrote no record.
    func outcome(of decision: Decision) -> Outcome? {
        switch self {
        case .alreadyDecided, .conflict: nil
        case .applied: decision.outcome
        case .duplicate, .permitExists: .duplicate
        case .planIDReused: .block
        }
    }

    func reason(of decision: Decision) -> String {
        switch self {
        case .alreadyDecided, .applied, .conflict: decision.reason
        case .duplicate: Reason.planAlreadyDecided
        case .permitExists: Reason.permitExists
        case .planIDReused: Reason.planIDReused
        }
    }

    /// The reason codes that only a commit gives.
    enum Reason {
        static let planAlreadyDecided = "plan_already_decided"
        static let permitExists = "permit_exists"
        static let planIDReused = "plan_id_reused"
    }
}
