package import GateAPI
import Platform

/// One host of a group, as it has registered: a field of the hash `quantum:governor:hosts:{group}`, under the host's
/// name. The value is `build configuration gates started seen`, the times in epoch milliseconds by Redis' clock.
package struct HostRecord: Sendable, Equatable {
    package static let keyPrefix = "quantum:governor:hosts:"
    /// A host that has been silent for so long is gone.
    package static let life: Duration = .seconds(20)

    /// Host name and process id, as in decision records.
    package let name: String
    /// A hash of the program. Two builds may decide differently under one configuration.
    package let build: String
    /// `config_hash` of its decision records.
    package let configurationHash: String
    /// The gates in order with their modes: `p28-budget=enforce,heat=shadow`.
    package let gates: String
    package let started: Timestamp
    package let seen: Timestamp

    package init(
        name: String, build: String, configurationHash: String, gates: String, started: Timestamp, seen: Timestamp
    ) {
        self.name = name
        self.build = build
        self.configurationHash = configurationHash
        self.gates = gates
        self.started = started
        self.seen = seen
    }

    /// `nil` if no host has written the text.
    package init?(name: String, text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, let started = Int64(parts[3]), let seen = Int64(parts[4]),
            (0...Self.latest).contains(started), (0...Self.latest).contains(seen)
        else { return nil }
        self.init(
            name: name, build: parts[0], configurationHash: parts[1], gates: parts[2],
            started: Timestamp(milliseconds: started), seen: Timestamp(milliseconds: seen))
    }

    /// The year 10,000: a time beyond it is no time.
    private static let latest: Int64 = 253_402_300_800_000

    /// The value up to ``seen``, which Redis adds.
    package var head: String { "\(build) \(configurationHash) \(gates) \(started.milliseconds)" }
}
