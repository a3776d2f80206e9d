/// Something wrong with a ledger, and where.
package struct LedgerProblem: Sendable, Equatable {
    package enum Severity: String, Sendable {
        case error, warning
    }

    package let severity: Severity
    /// From 1; `nil` if the file as a whole is at fault.
    package let line: Int?
    package let message: String

    static func error(_ line: Int?, _ message: String) -> LedgerProblem {
        LedgerProblem(severity: .error, line: line, message: message)
    }

    static func warning(_ line: Int?, _ message: String) -> LedgerProblem {
        LedgerProblem(severity: .warning, line: line, message: message)
    }

    /// `docs/OPS_CHANGELOG.md:12: error: …`
    package func description(file: String) -> String {
        "\(file):\(line.map { "\($0):" } ?? "") \(severity.rawValue): \(message)"
    }
}
