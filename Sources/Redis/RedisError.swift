/// A failure to connect, a lost connection, or a refused command.
package struct RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Nothing listens at the address.
        case connectionRefused
        case connectFailed
        case timeout
        case connectionClosed
        /// The peer does not speak RESP2, or its replies nest deeper than hiredis reads.
        case protocolViolation
        case authenticationFailed
        case server(RedisServerError)
        /// A well-formed reply of an unexpected kind.
        case replyUnexpected
        /// The replies outgrew memory or the limit of their exchange.
        case outOfMemory
    }

    package let code: Code
    package let message: String

    /// True if the connection is lost. Redis may or may not have executed the commands sent.
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

    /// True if the same attempt may succeed later without an operator.
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
