import Platform

/// The facts about the machine and its services that an entry records.
package struct LedgerFacts: Sendable, Equatable {
    package var gitCommit = LedgerEntry.unknown
    package var gitBranch = LedgerEntry.unknown
    package var hostname = LedgerEntry.unknown
    package var services: [ServiceState] = []
    package var metrics: [SnapshotSection] = []
    package var redis: [SnapshotSection] = []
    /// The facts that could not be collected, and why. Warnings go to the operator, not into the ledger.
    package var warnings: [String] = []

    package init() {}
}

extension LedgerEntry {
    init(
        _ operation: LedgerOperation, identifier: String, at time: UTCTime, facts: LedgerFacts, proof: ProofRecord?,
        previous: String
    ) {
        self.init(
            identifier: identifier, name: operation.name, timestamp: time.iso8601, gitCommit: facts.gitCommit,
            gitBranch: facts.gitBranch,
            hostname: facts.hostname, riskClass: operation.riskClass, blastRadius: operation.blastRadius,
            changesSummary: operation.changesSummary,
            objective: operation.objective, outcome: operation.outcome, rollbackOf: operation.rollbackOf,
            allowedPaths: operation.allowedPaths,
            allowedServices: operation.allowedServices, services: facts.services, proof: proof,
            metricsSnapshot: Snapshot(facts.metrics),
            redisSnapshot: Snapshot(facts.redis), notes: operation.notes, previousEntrySHA256: previous)
    }
}
