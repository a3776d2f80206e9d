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
        @Setting("Count what is permitted and not yet in the position, from the exposure ledger", default: true)
        public var reserve: Bool

        public init() {}
    }

    public enum Reason: String, ReasonCode {
        case active = "kill_switch_active"
        case closeOnly = "kill_switch_close_only"

        public var summary: String {
            switch self {
            case .active: "An operator has stopped trading."
            case .closeOnly:
                "An operator has stopped trading. The order may be a close: it may only reduce the position."
            }
        }
    }

    public static let name = "kill-switch"
    public static let summary = "Blocks intents while quantum:kill is 1."
    public static let records: [any StateRecord.Type] = [
        KillSwitchState.self, GlobalKillSwitchState.self, Position.self, Account<PositionPool>.self,
    ]

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public var accounts: [any StateRecord.Type] { settings.reserve ? [Account<PositionPool>.self] : [] }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(KillSwitchState.self, for: intent)
        inputs.add(GlobalKillSwitchState.self, for: intent)
        inputs.add(Position.self, for: intent)
    }

    public var revoking: [any RevokingRecord.Type] {
        [KillSwitchState.self] + (settings.globalSwitch ? [GlobalKillSwitchState.self] : [])
    }

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard try isStopped(intent.symbol, inputs) else { return .pass }
        if settings.stopReductions { return .block(.active) }
        guard let counted = try? CountedExposure(of: intent, inputs, settings.position, counts: settings.reserve) else {
            return refusal(intent.capped)
        }
        counted.show(in: &evidence)
        switch counted.exposure {
        case .unchanged, .reduces: return .pass
        case .opens(let opening): return refusal(opening.capped, opening.closing)
        // The order may be a close.
        case .unknown: return refusal(intent.capped)
        }
    }

    private func refusal(_ capped: Amendment?, _ claims: Claims = .none) -> Verdict<Reason> {
        capped.map { .amend($0, .closeOnly, claiming: claims) } ?? .block(.active, claiming: claims)
    }

    private func isStopped(_ symbol: Symbol, _ inputs: Inputs) throws(InputFailure) -> Bool {
        if try inputs.optional(KillSwitchState.self, symbol)?.isOn == true { return true }
        guard settings.globalSwitch else { return false }
        return try inputs.optional(GlobalKillSwitchState.self, symbol)?.isOn == true
    }
}
