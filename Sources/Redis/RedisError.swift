/// Why a connection could not be made or used, or a command was refused.
package struct RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Nothing listens at the address.
        case connectionRefused
        case connectFailed
        case timeout
        case connectionClosed
        /// The peer does not speak RESP2 as we know it, or nests deeper than hiredis reads.
        case protocolViolation
        case authenticationFailed
        case server(RedisServerError)
        /// A well-formed reply that the caller has no use for.
        case replyUnexpected
        /// The replies outgrew memory or `RedisConnection.maximumReplyBytes`.
        case outOfMemory
    }

    package let code: Code
    package let message: String

    /// True if there is no connection (any more); what was sent may or may not have been done.
    package let isConnectionLost: Bool

    package init(code: Code, message: String) {
        self.init(code: code, message: message, isConnectionLost: code.meansConnectionLost)
    }

    init(code: Code, message: String, isConnectionLost: Bool) {
        self.code = code
        self.message = message
        self.isConnectionLost = isConnectionLost
    }

    package init(_ error: RedisServerError) {
        self.init(code: .server(error), message: error.message)
    }

    package var description: String { message }

    package var serverError: RedisServerError? {
        if case .server(let error) = code { error } else { nil }
    }

    /// True if the same attempt may succeed after a wait, with nothing changed by an operator.
    package var isRetryable: Bool {
        switch code {
        case .connectionRefused, .connectFailed, .timeout, .connectionClosed: true
        case .protocolViolation, .authenticationFailed, .replyUnexpected, .outOfMemory: false
        case .server(let error): error.isTransient
        }
    }
}

extension RedisError.Code {
    fileprivate var meansConnectionLost: Bool {
        switch self {
        case .server, .replyUnexpected: false
        case .connectionRefused, .connectFailed, .timeout, .connectionClosed, .protocolViolation, .authenticationFailed,
            .outOfMemory:
            true
        }
    }
}
