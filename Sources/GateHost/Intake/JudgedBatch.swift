import GateAPI

/// A batch on its way from judgement to commit.
struct JudgedBatch {
    var items: [CommitItem] = []
    /// Entries whose plan ids are those of entries in flight or earlier in the batch.
    var deferred: [IntakeSession.Candidate] = []
    /// The plan ids of the items.
    var planHashes: Set<UInt64> = []
    /// Whether any item depends on what others may do meanwhile.
    var mayConflict = false
    var commitProtocol: CommitProtocol = .script

    var fitsTransaction: Bool {
        let items = items.span
        for index in items.indices where !items[index].fitsTransaction { return false }
        return true
    }
}

/// How a batch is committed.
enum CommitProtocol {
    case script
    case transaction(commands: Int)

    var replies: Int {
        switch self {
        case .script: 1
        case .transaction(let commands): commands
        }
    }
}

/// One decision to commit.
package struct CommitItem: Sendable {
    package internal(set) var decision: Decision
    /// The server dropped the entry from the pending list on claiming it, so there is nothing left to acknowledge.
    package var isTrimmed = false
    /// The records that the gates read, as JSON, where the deployment wants them recorded.
    package var inputs: [UInt8]?
    let isDuplicate: Bool
    let attempts: Int

    package init(decision: Decision, isTrimmed: Bool = false, inputs: [UInt8]? = nil) {
        self.decision = decision
        self.isTrimmed = isTrimmed
        self.inputs = inputs
        isDuplicate = false
        attempts = 0
    }

    init(decision: Decision, _ candidate: IntakeSession.Candidate) {
        self.decision = decision
        isDuplicate = candidate.isDuplicate
        attempts = candidate.attempts
    }
}
