import Logging
import Synchronization

/// A part of the portfolio that a reading leaves out by rule.
package struct Exclusion: Sendable, Equatable {
    /// Raw values are metric labels.
    package enum Kind: String, Sendable, CaseIterable {
        /// An open position whose record is older than the limit for positions.
        case stalePosition = "stale_position"
        /// A balance in an asset that does not count.
        case asset
    }

    package let kind: Kind
    /// The symbol or asset.
    package let subject: String
    /// Says what is left out, and why.
    package let message: String

    package init(_ kind: Kind, _ subject: String, _ message: String) {
        self.kind = kind
        self.subject = subject
        self.message = message
    }
}

/// Logs which parts of the portfolio are left out when they change.
final class ExclusionLog: Sendable {
    /// The number of parts that one line names.
    private static let shown = 5

    private let logger: Logger
    private let last = Mutex<[String]>([])

    init(_ logger: Logger) {
        self.logger = logger
    }

    func log(_ exclusions: [Exclusion]) {
        let subjects = exclusions.map { "\($0.kind.rawValue) \($0.subject)" }
        let isNew = last.withLock { last in
            defer { last = subjects }
            return last != subjects
        }
        guard isNew else { return }
        guard !exclusions.isEmpty else { return logger.info("all parts of the portfolio count again") }
        logger.warning(
            "parts of the portfolio do not count",
            metadata: [
                "parts": "\(exclusions.count)",
                "which": "\(exclusions.prefix(Self.shown).map(\.message).joined(separator: "; "))",
            ])
    }
}
