import Deployment
import GateAPI
import GateHost
import Redis
import TradingState

/// The kill switches of a deployment.
struct KillSwitches {
    static let key = "quantum:kill"

    private let records: [any RevokingRecord.Type]
    let warnings: [String]

    init(_ configuration: HostConfiguration) {
        let obeying = configuration.gates.filter { gate in
            gate.gate.revoking.contains { $0 == KillSwitchState.self }
        }
        let enforced = obeying.filter { $0.mode == .enforce }
        let hasGlobal = obeying.contains { gate in
            gate.gate.revoking.contains { $0 == GlobalKillSwitchState.self }
        }
        records = [KillSwitchState.self] + (hasGlobal ? [GlobalKillSwitchState.self] : [])
        var warnings: [String] = []
        if enforced.isEmpty {
            let modes = obeying.map { " \($0.name) is in \($0.mode.rawValue)." }.joined()
            warnings.append(
                "the switch stops nothing: no enforced gate of \(configuration.file) obeys it, so hosts go on giving "
                    + "permits.\(modes)")
        }
        if !ExposureSettings(configuration).keepsLedger {
            warnings.append("no gate keeps an account, so permits that are already given stay until they end")
        }
        self.warnings = warnings
    }

    /// One line for each switch.
    func states(_ connection: RedisConnection) throws(RedisError) -> [String] {
        let keys = records.map { InputKey($0, perSymbol: nil) }
        let reader = InputReader()
        var commands = RedisPipeline()
        reader.encode(keys, into: &commands)
        let inputs = reader.decode(keys, try connection.send(commands), now: Timestamp(microseconds: 0)).inputs
        return keys.map { key in
            let name = key.redisKeys.joined()
            guard let box = inputs.box(for: key) else { return "\(name): unknown" }
            switch box.failure {
            case nil: return "\(name): \(box.isRevoking ? "on" : "off")"
            case .missing: return "\(name): off"
            case .unavailable(let detail): return "\(name): cannot be read: \(detail)"
            default: return "\(name): neither 0 nor 1, so gates cannot judge by it"
            }
        }
    }

    /// What the switch says; empty if nothing, or if it cannot be read.
    static func text(_ connection: RedisConnection) -> String {
        (try? connection.command("GET", key))?.text ?? ""
    }
}
