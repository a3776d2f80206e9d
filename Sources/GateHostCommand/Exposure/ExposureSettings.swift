import Deployment
import GateAPI
import TradingState

/// The settings of the gates by which records count: those of the gate that judges by budgets, else of the first gate
/// that has them.
struct ExposureSettings {
    private(set) var positionMaxAge: Duration
    private(set) var missingPosition: MissingPosition
    private(set) var budgetMaxAge: Duration = .seconds(300)
    /// Whether a gate keeps the position's account.
    let keepsLedger: Bool

    init(_ configuration: HostConfiguration) {
        let gates = configuration.gates.filter { $0.mode != .off }
        let budgets = gates.first { gate in type(of: gate.gate).records.contains { $0 == PortfolioBudget.self } }
        let defaults = PositionSettings()
        positionMaxAge = defaults.positionMaxAge
        missingPosition = defaults.missingPosition
        keepsLedger = gates.contains { gate in
            gate.gate.accounts.contains { $0 == Account<PositionPool>.self }
        }
        let ordered = (budgets.map { [$0] } ?? []) + gates
        if let age: Duration = Self.setting("position_max_age", of: ordered) { positionMaxAge = age }
        if let missing: MissingPosition = Self.setting("missing_position", of: ordered) { missingPosition = missing }
        if let budgets, let age: Duration = Self.setting("max_age", of: [budgets]) { budgetMaxAge = age }
    }

    private static func setting<Value: SettingValue>(_ key: String, of gates: [ConfiguredGate]) -> Value? {
        for gate in gates {
            guard let setting = gate.settings.first(where: { $0.key == key }) else { continue }
            return Value(setting: SettingScalar(text: setting.text))
        }
        return nil
    }
}
