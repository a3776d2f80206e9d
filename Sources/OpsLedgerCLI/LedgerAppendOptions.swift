import ArgumentParser
import OpsLedger

/// The options of `gatehost ledger append`, named as the scripts that call it know them.
struct LedgerAppendOptions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost ledger append",
        abstract: "Adds an operation to the ledger, with facts about the machine and its services.",
        discussion: """
            Exits with 0 if the operation is recorded, was recorded before, or could not be recorded (a warning says \
            so); with 1 if it could not be recorded and --strict is given; with 2 if the call is wrong. A value that \
            starts with a dash is given as --notes=-value.
            """)

    @Option(
        name: .customLong("operation_id"),
        help: "The operation's id. If it is recorded already, nothing changes. (default: OPS-<UTC date>-<next>)")
    var operationID: String?
    @Option(name: .customLong("operation"), help: "The operation's name.")
    var operation: String
    @Option(name: .customLong("objective"), help: "The purpose of the operation.")
    var objective: String
    @Option(name: .customLong("risk_class"), help: "The risk of the operation.")
    var riskClass: RiskClass
    @Option(name: .customLong("blast_radius"), help: "The systems that the operation can affect.")
    var blastRadius: String
    @Option(name: .customLong("changes_summary"), help: "A summary of its changes.")
    var changesSummary: String
    @Option(
        name: .customLong("proof_path"),
        help: "A file that proves it: its SHA-256, size and time are recorded.")
    var proofPath: String?
    @Option(name: .customLong("outcome"), help: "The outcome of the operation.")
    var outcome: OperationOutcome = .success
    @Option(name: .customLong("rollback_of"), help: "The id of the operation that a ROLLBACK undoes.")
    var rollbackOf: String?
    @Option(name: .customLong("notes"), help: "Further remarks.")
    var notes = ""
    @Option(
        name: .customLong("allowed_paths"),
        help: "Paths that it may change: repeatable, or separated by commas.")
    var allowedPaths: [String] = []
    @Option(
        name: .customLong("allowed_services"),
        help: "Services that it may touch; their states are recorded. Repeatable, or separated by commas.")
    var allowedServices: [String] = []
    @Option(name: .customLong("metrics_urls"), help: "URLs of metrics to record: repeatable, or separated by commas.")
    var metricsURLs: [String] = []
    @Option(
        name: .customLong("metrics_grep"),
        help: "Regular expression: the first 10 matching lines of each URL are recorded. Repeatable.")
    var metricsGrep: [String] = []
    @Option(
        name: .customLong("redis_cmds"),
        help: "Read-only Redis command to run at REDIS_URL; its reply is recorded. Repeatable.")
    var redisCommands: [String] = []
    @Flag(name: .customLong("strict"), help: "Fail if the operation, or its proof, cannot be recorded.")
    var strict = false
    @Option(name: .customLong("ledger"), help: "The path of the ledger.")
    var ledger = Ledger.defaultPath

    var request: LedgerOperation {
        var request = LedgerOperation(
            name: operation, objective: objective, riskClass: riskClass, blastRadius: blastRadius,
            changesSummary: changesSummary)
        request.identifier = operationID
        request.proofPath = proofPath
        request.outcome = outcome
        request.rollbackOf = rollbackOf
        request.notes = notes
        request.allowedPaths = allowedPaths
        request.allowedServices = allowedServices
        request.metricsURLs = metricsURLs
        request.metricsPatterns = metricsGrep
        request.redisCommands = redisCommands
        return request
    }
}

extension RiskClass: ExpressibleByArgument {}
extension OperationOutcome: ExpressibleByArgument {}
