import GateAPI
import Redis

/// The reason why a cycle wrote no state. The message holds no secrets and no text chosen by a server.
package struct PortfolioStateFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Raw values are metric labels.
    package enum Reason: String, Sendable, CaseIterable {
        case inputMissing = "input_missing"
        case inputMalformed = "input_malformed"
        case inputNonFinite = "input_non_finite"
        case inputStale = "input_stale"
        case inputFutureDated = "input_future_dated"
        /// A sum or product that overflows `Amount`.
        case outOfRange = "out_of_range"
        case tooManyRecords = "too_many_records"
        case redis = "redis"
        /// Another writer kept changing the equity peak.
        case conflict = "write_conflict"
        case peakMalformed = "peak_malformed"
        case connection = "connection"
        case timeout = "timeout"
        case serverError = "server_error"
        case responseTooLarge = "response_too_large"
        /// The key, the secret or its permissions are wrong.
        case unauthorized = "unauthorized"
        /// Any other refusal by the exchange.
        case refused = "refused"
        case clockSkew = "clock_skew"
        case rateLimited = "rate_limited"
        case banned = "banned"
    }

    package let reason: Reason
    package let message: String

    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    package var description: String { message }
}

extension PortfolioStateFailure {
    init(_ error: RedisError) {
        self.init(.redis, error.message)
    }

    /// - Parameter record: names the record in the message, such as `the position record of BTCUSDT`.
    init(_ failure: InputFailure, in record: String) {
        switch failure {
        case .missing: self.init(.inputMissing, "\(record) is missing")
        case .stale(let age, let limit):
            self.init(.inputStale, "\(record) is \(age.seconds) s old; at most \(limit.seconds) s are allowed")
        case .futureDated(let lead): self.init(.inputFutureDated, "\(record) is dated \(lead.seconds) s in the future")
        case .malformed(let field): self.init(.inputMalformed, "\(record) has no readable '\(field)'")
        case .nonFinite(let field): self.init(.inputNonFinite, "'\(field)' of \(record) is not a finite number")
        case .unavailable(let detail): self.init(.redis, "\(record) cannot be read: \(detail)")
        case .notRequested: self.init(.inputMissing, "\(record) was not read")
        }
    }

    init(_ error: AmountError, computing quantity: String) {
        self.init(.outOfRange, "\(quantity) cannot be computed: \(error)")
    }
}
