public import GateAPI
public import TradingState

/// Stops intents while an operator has set a kill switch: for all of them, for a symbol or for a source. By default it
/// stops only new exposure, because a fund must be able to close.
public struct KillSwitch: Gate {
    public struct Settings: GateSettings {
        @Setting("Stop intents that reduce risk too", default: false)
        public var stopReductions: Bool
        @Setting("Obey `quantum:global:kill_switch` too", default: false)
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
    public static let summary =
        "Blocks intents while a kill switch is set: quantum:kill, or that of the symbol or source."
    public static let records: [any StateRecord.Type] = [
        KillSwitchState.self, SymbolKillSwitchState.self, SourceKillSwitchState.self, GlobalKillSwitchState.self,
        Position.self, Account<PositionPool>.self,
    ]

    let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public var accounts: [any StateRecord.Type] { settings.reserve ? [Account<PositionPool>.self] : [] }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        for record in revoking { inputs.add(record, for: intent) }
        inputs.add(Position.self, for: intent)
    }

    public var revoking: [any RevokingRecord.Type] {
        settings.globalSwitch ? Self.switches + [GlobalKillSwitchState.self] : Self.switches
    }

    private static let switches: [any RevokingRecord.Type] = [
        KillSwitchState.self, SymbolKillSwitchState.self, SourceKillSwitchState.self,
    ]

    public func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard try isStopped(intent, inputs, &evidence) else { return .pass }
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

    /// One switch that is set is enough, whatever is wrong with the others.
    private func isStopped(
        _ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence
    ) throws(InputFailure) -> Bool {
        var failure: InputFailure?
        func isSet<Switch: KillSwitchRecord>(_ type: Switch.Type, _ name: StaticString, _ scope: Symbol) -> Bool {
            do throws(InputFailure) {
                guard let state = try inputs.optional(type, scope), state.isOn else { return false }
                evidence.add("switch", name)
                if let doubt = state.reading.doubt { evidence.add("switch_value", doubt) }
                return true
            } catch {
                failure = failure ?? error
                return false
            }
        }
        if isSet(KillSwitchState.self, "all", intent.symbol) { return true }
        if isSet(SymbolKillSwitchState.self, "symbol", intent.symbol) { return true }
        if let source = intent.source, isSet(SourceKillSwitchState.self, "source", source) { return true }
        if settings.globalSwitch, isSet(GlobalKillSwitchState.self, "global", intent.symbol) { return true }
        if let failure { throw failure }
        return false
    }
}

extension SwitchReading {
    /// Why a switch that nobody has clearly set stops all the same.
    fileprivate var doubt: StaticString? {
        switch self {
        case .off, .on: nil
        case .unclear: "unclear"
        case .anotherType: "another_type"
        }
    }
}
