package import GateAPI
import TradingState

/// The record `quantum:portfolio:mode`: the mode of all budgets, for all instances.
///
/// Every change raises its version. It outlives restarts; see ``ModeAuthority`` for how long.
package struct ModeRecord: Sendable, Equatable {
    package static let key = "quantum:portfolio:mode"

    package let mode: RiskMode
    /// `P28_MODE` of the process that accepted the change.
    package let environment: RiskMode
    package let changedAt: Timestamp
    package let remote: String
    package let origin: ModeChange.Origin
    /// 0 in records of earlier releases.
    package let version: Int

    package init(
        mode: RiskMode, environment: RiskMode, changedAt: Timestamp, remote: String = "",
        origin: ModeChange.Origin = .request, version: Int = 0
    ) {
        self.mode = mode
        self.environment = environment
        self.changedAt = changedAt
        self.remote = remote
        self.origin = origin
        self.version = version
    }

    /// `nil` if the hash lacks a valid mode, environment or timestamp.
    package init?(fields: Fields) {
        guard let mode = fields["mode"].flatMap(RiskMode.init(rawValue:)),
            let environment = fields["environment"].flatMap(RiskMode.init(rawValue:)),
            let changedAt = try? fields.timestamp("timestamp")
        else { return nil }
        self.init(
            mode: mode, environment: environment, changedAt: changedAt, remote: fields["remote"] ?? "",
            origin: fields["origin"].flatMap(ModeChange.Origin.init(rawValue:)) ?? .request,
            version: fields["version"].flatMap { Int($0) } ?? 0)
    }

    package var fields: [(name: String, value: String)] {
        [
            ("mode", mode.rawValue), ("environment", environment.rawValue),
            ("timestamp", changedAt.epochSeconds.description), ("remote", remote), ("origin", origin.rawValue),
            ("version", String(version)),
        ]
    }

    /// Where the mode comes from, for logs and people.
    package var source: String {
        switch origin {
        case .request: "a change at run time" + (remote.isEmpty ? "" : " from \(remote)")
        case .environment: "P28_MODE"
        }
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
