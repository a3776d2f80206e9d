import GateAPI
import Redis

/// Why no state was written. The message holds no secret, and no text of a server's choosing.
package struct PortfolioStateFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Raw values are metric labels.
    package enum Reason: String, Sendable, CaseIterable {
        case inputMissing = "input_missing"
        case inputMalformed = "input_malformed"
        case inputNonFinite = "input_non_finite"
        case inputStale = "input_stale"
        case inputFutureDated = "input_future_dated"
        /// A sum or product that no amount can hold.
        case outOfRange = "out_of_range"
        case tooManyRecords = "too_many_records"
        case redis = "redis"
        /// Another writer changed the equity peak, time and again.
        case conflict = "write_conflict"
        case peakMalformed = "peak_malformed"
        case connection = "connection"
        case timeout = "timeout"
        case serverError = "server_error"
        case responseTooLarge = "response_too_large"
        /// Key, secret or permissions.
        case unauthorized = "unauthorized"
        /// Any other refusal of the request.
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

    /// - Parameter what: whose record it is: `the snapshot of BTCUSDT`.
    init(_ failure: InputFailure, in what: String) {
        switch failure {
        case .missing: self.init(.inputMissing, "\(what) is missing")
        case .stale(let age, let limit):
            self.init(.inputStale, "\(what) is \(age.seconds) s old; at most \(limit.seconds) s are allowed")
        case .futureDated(let lead): self.init(.inputFutureDated, "\(what) lies \(lead.seconds) s in the future")
        case .malformed(let field): self.init(.inputMalformed, "\(what) has no readable '\(field)'")
        case .nonFinite(let field): self.init(.inputNonFinite, "'\(field)' of \(what) is not a finite number")
        case .unavailable(let detail): self.init(.redis, "\(what) cannot be read: \(detail)")
        case .notRequested: self.init(.inputMissing, "\(what) was not read")
        }
    }

    init(_ error: AmountError, computing what: String) {
        self.init(.outOfRange, "\(what) cannot be computed: \(error)")
    }
}
