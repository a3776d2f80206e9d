/// One decision to commit.
package struct CommitItem: Sendable {
    package internal(set) var decision: Decision
    /// The server dropped the entry from the pending entries list when it was claimed, so there is nothing to
    /// acknowledge.
    package var isTrimmed = false
    /// The records that the gates read, as JSON, if the deployment records them.
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

    init(decision: Decision, _ candidate: Candidate) {
        self.decision = decision
        isDuplicate = candidate.isDuplicate
        attempts = candidate.attempts
    }

    /// The candidate that this item was, to be judged once more.
    var failed: Candidate? {
        decision.entry.map { Candidate(entry: $0, isDuplicate: isDuplicate, attempts: attempts + 1) }
    }
}
