import Deployment
import GateAPI
import GateHost
import Platform
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

    /// One line for each switch: those that count for all plans, and those of symbols and sources that are there.
    func states(_ connection: RedisConnection) throws(RedisError) -> [String] {
        let keys = records.map { InputKey($0, perSymbol: nil) } + scopedKeys(connection)
        let reader = InputReader()
        var commands = RedisPipeline()
        reader.encode(keys, into: &commands)
        let inputs = reader.decode(keys, try connection.send(commands), now: Timestamp(microseconds: 0)).inputs
        return keys.map { key in
            "\(key.redisKeys.joined().visible): \(inputs.box(for: key).map(Self.state) ?? "unknown")"
        }
    }

    private static func state(_ box: RecordBox) -> String {
        switch box.failure {
        case nil: box.isRevoking ? "on" : "off"
        case .missing: "off"
        case .unavailable(let detail): "cannot be read: \(detail)"
        case let failure?: "cannot be read: \(failure.reason?.rawValue ?? "unknown")"
        }
    }

    private func scopedKeys(_ connection: RedisConnection) -> [InputKey] {
        do throws(RedisError) {
            return try found(connection)
        } catch {
            Console.printError("warning: switches of symbols and sources are not listed: \(error)")
            return []
        }
    }

    /// The switches of symbols and sources that are there, in order.
    private func found(_ connection: RedisConnection) throws(RedisError) -> [InputKey] {
        let switches = WatchedSwitches([SymbolKillSwitchState.self, SourceKillSwitchState.self])
        var names: Set<String> = []
        var cursor = "0"
        repeat {
            let reply = try connection.command("SCAN", cursor, "MATCH", "\(Self.key):*", "COUNT", "1000")
            if let keys = reply.element(1)?.elements { names.formUnion(keys.compactMap(\.text)) }
            cursor = reply.element(0)?.text ?? "0"
        } while cursor != "0"
        for name in names.sorted() where switches.key(named: name) == nil {
            Console.printError("warning: \(name.visible) stops nothing: no symbol or source is named so")
        }
        return names.sorted().compactMap(switches.key(named:))
    }

    /// What a switch says; empty if nothing, or if it cannot be read.
    static func text(_ scope: KillScope, _ connection: RedisConnection) -> String {
        (try? connection.command("GET", scope.key))?.text ?? ""
    }
}
