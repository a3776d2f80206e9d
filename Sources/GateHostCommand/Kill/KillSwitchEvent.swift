import GateAPI
import Glibc
import Platform
import Redis
import TradingState

/// An audit event for a change of the kill switch, on the Governor's event stream.
struct KillSwitchEvent {
    static let stream = GovernorStreams.events
    private static let shownScalars = 64

    let scope: KillScope
    /// The key's earlier value, shortened for people.
    let from: String
    let isOn: Bool
    let why: String?
    /// How many live permits were taken back; `nil` if none were looked for.
    var revoked: Int?

    init(_ scope: KillScope, from: String, isOn: Bool, why: String?) {
        self.scope = scope
        self.from = String(String.UnicodeScalarView(from.unicodeScalars.prefix(Self.shownScalars))).visible
        self.isOn = isOn
        self.why = why?.visible
    }

    private var fields: [String] {
        [
            "event", "KILL_SWITCH", "key", scope.key, "from", from, "to", isOn ? "1" : "0", "timestamp",
            WallClock.now().epochSeconds.description, "origin", Self.origin, "why", why ?? "", "revoked",
            revoked.map(String.init) ?? "",
        ]
    }

    /// The person and the machine, as the environment tells them.
    private static var origin: String {
        let environment = Console.environment
        let user = environment["SUDO_USER"] ?? environment["USER"] ?? "uid \(getuid())"
        return "\(user)@\(HostName.current() ?? "unknown")"
    }

    func write(_ connection: RedisConnection) throws(RedisError) {
        var commands = RedisPipeline()
        commands.add(["XADD", Self.stream, "*"] + fields)
        if let error = try connection.send(commands).first?.error { throw RedisError(error) }
    }
}
