/// The risk of an operation, as the operator states it.
package enum RiskClass: String, Sendable, CaseIterable {
    case readOnly = "READ_ONLY"
    case lowRiskConfig = "LOW_RISK_CONFIG"
    case serviceRestart = "SERVICE_RESTART"
    case filesystemWrite = "FILESYSTEM_WRITE"
}

/// The outcome of an operation, as the operator states it.
package enum OperationOutcome: String, Sendable, CaseIterable {
    case success = "SUCCESS"
    case partial = "PARTIAL"
    case rollback = "ROLLBACK"
}

/// One operation as the ledger holds it. Facts that could not be collected are `UNKNOWN`.
package struct LedgerEntry: Sendable, Equatable {
    package static let unknown = "UNKNOWN"

    package var identifier: String
    package var name: String
    /// The time of approval and execution, which are one moment here, in ISO 8601, UTC.
    package var timestamp: String
    package var gitCommit: String
    package var gitBranch: String
    package var hostname: String
    package var riskClass: RiskClass
    package var blastRadius: String
    package var changesSummary: String
    package var objective: String
    package var outcome: OperationOutcome
    package var rollbackOf: String?
    package var allowedPaths: [String]
    package var allowedServices: [String]
    package var services: [ServiceState]
    package var proof: ProofRecord?
    package var metricsSnapshot: Snapshot
    package var redisSnapshot: Snapshot
    package var notes: String
    package var previousEntrySHA256: String
}

/// A service's state according to systemd: `active`, `inactive` or `UNKNOWN`.
package struct ServiceState: Sendable, Equatable {
    package let name: String
    package let state: String

    package init(name: String, state: String) {
        self.name = name
        self.state = state
    }
}

/// The file that proves an operation, as it was when the operation was recorded.
package struct ProofRecord: Sendable, Equatable {
    /// Relative to the ledger's repository if the file lies in it.
    package let path: String
    /// `nil` if the file could not be read.
    package let measured: Measured?

    package struct Measured: Sendable, Equatable {
        package let sha256: String
        package let sizeBytes: Int
        package let modified: String
    }
}
