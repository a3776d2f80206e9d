public import GateAPI
public import TradingState

/// Stops intents while an operator has set `quantum:kill`. By default it stops only new exposure, because a fund must
/// be able to close.
public struct KillSwitch: Gate {
    public struct Settings: GateSettings {
        @Setting("Stop intents that reduce risk too", default: false)
        public var stopReductions: Bool
        @Setting("Obey `quantum:global:kill_switch` too (true, 1 or yes)", default: false)
        public var globalSwitch: Bool
        public var position = PositionSettings()

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case active = "kill_switch_active"

        public var summary: String { "An operator has stopped trading." }
    }

    public static let name = "kill-switch"
    public static let summary = "Blocks intents while quantum:kill is 1."
    public static let records: [any StateRecord.Type] = [
        KillSwitchState.self, GlobalKillSwitchState.self, Position.self,
    ]

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard try isStopped(intent.symbol, inputs) else { return .pass }
        if settings.stopReductions { return .block(.active) }
        // If the position cannot be read, an intent that calls itself a reduction is believed. All others are blocked.
        let exposure = try? inputs.exposure(of: intent, settings.position).exposure
        switch exposure {
        case .unchanged, .reduces: return .pass
        case .adds, .unknown, nil: return .block(.active)
        }
    }

    private func isStopped(_ symbol: Symbol, _ inputs: Inputs) throws(InputFailure) -> Bool {
        if try inputs.optional(KillSwitchState.self, symbol)?.isOn == true { return true }
        guard settings.globalSwitch else { return false }
        return try inputs.optional(GlobalKillSwitchState.self, symbol)?.isOn == true
    }
}
