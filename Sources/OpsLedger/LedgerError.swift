/// Why an operation was not recorded.
package struct LedgerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The request itself is wrong: it can never be recorded as it is.
        case invalidRequest
        /// The request is right, the ledger could not take it.
        case notRecorded
    }

    package let code: Code
    package let message: String

    package var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
