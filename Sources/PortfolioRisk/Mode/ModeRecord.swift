package import GateAPI
import TradingState

/// The record `quantum:portfolio:mode`: a run-time change of mode that survives restarts.
///
/// The last deliberate act wins. The change applies across restarts as long as `P28_MODE` keeps its value; a new
/// `P28_MODE` ends it.
package struct ModeRecord: Sendable, Equatable {
    package static let key = "quantum:portfolio:mode"

    package let mode: RiskMode
    /// `P28_MODE` of the process that accepted the change.
    package let environment: RiskMode
    package let changedAt: Timestamp
    package let remote: String

    package init(mode: RiskMode, environment: RiskMode, changedAt: Timestamp, remote: String) {
        self.mode = mode
        self.environment = environment
        self.changedAt = changedAt
        self.remote = remote
    }

    /// `nil` if the hash lacks a valid mode, environment or timestamp.
    init?(fields: Fields) {
        guard let mode = fields["mode"].flatMap(RiskMode.init(rawValue:)),
            let environment = fields["environment"].flatMap(RiskMode.init(rawValue:)),
            let changedAt = try? fields.timestamp("timestamp")
        else { return nil }
        self.init(mode: mode, environment: environment, changedAt: changedAt, remote: fields["remote"] ?? "")
    }

    package var fields: [(name: String, value: String)] {
        [
            ("mode", mode.rawValue), ("environment", environment.rawValue),
            ("timestamp", changedAt.epochSeconds.description), ("remote", remote),
        ]
    }
}

/// An audit event for a change of mode, on the Governor's event stream.
package struct ModeChange: Sendable, Equatable {
    package enum Origin: String, Sendable {
        /// An operator requested it.
        case request
        /// The service started with another `P28_MODE`.
        case environment
    }

    static let stream = GovernorStreams.events

    package let from: RiskMode
    package let to: RiskMode
    package let origin: Origin
    package let changedAt: Timestamp
    package let remote: String

    package var fields: [(name: String, value: String)] {
        [
            ("event", "P28_MODE_CHANGE"), ("from", from.rawValue), ("to", to.rawValue),
            ("timestamp", changedAt.epochSeconds.description),
            ("remote", remote), ("origin", origin.rawValue),
        ]
    }
}
