import GateAPI
import JSONText
import Platform
import TradingState

/// The hosts of a group for people and for machines.
enum HostsText {
    static func line(_ host: HostRecord, _ now: Timestamp) -> String {
        let up = max(0, now.since(host.started).milliseconds / 1_000)
        let age = max(0, now.since(host.seen).milliseconds / 1_000)
        let said = "\(host.name)  build \(host.build)  configuration \(host.configurationHash)  \(host.gates)"
        return said.visible + "  up \(up) s  seen \(age) s ago"
    }

    static func json(_ host: HostRecord, _ now: Timestamp) -> String {
        var object = JSONObject()
        object.add("host", host.name)
        object.add("build", host.build)
        object.add("config_hash", host.configurationHash)
        object.add("gates", host.gates)
        object.add("started_at_ms", number: String(host.started.milliseconds))
        object.add("seen_at_ms", number: String(host.seen.milliseconds))
        object.add("at_ms", number: String(now.milliseconds))
        return object.text
    }

    /// What the hosts do not agree on, one sentence each.
    static func disagreements(_ hosts: [HostRecord]) -> [String] {
        func sentence(_ what: String, _ values: [String]) -> String? {
            let count = Set(values).count
            return count > 1 ? "the hosts run \(count) \(what)" : nil
        }
        return [
            sentence("configurations", hosts.map(\.configurationHash)), sentence("builds", hosts.map(\.build)),
        ].compactMap { $0 }
    }
}
