public import GateAPI

/// `quantum:kill`: exactly `1` stops trading. With `0`, or without the key, trading runs.
public struct KillSwitchState: RevokingRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:kill")]
    public static let form = RecordForm.string

    public var isOn: Bool
    public var timestamp: Timestamp? { nil }
    public var isRevoking: Bool { isOn }

    public init(isOn: Bool) {
        self.isOn = isOn
    }

    /// Any value but `0` and `1` is malformed: it may be a mistyped `1`.
    public init(fields: Fields) throws(InputFailure) {
        switch fields["value"] {
        case "1": isOn = true
        case "0": isOn = false
        default: throw .malformed(field: "quantum:kill")
        }
    }
}

/// `quantum:global:kill_switch`: `true`, `1` or `yes` stops trading.
public struct GlobalKillSwitchState: RevokingRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:global:kill_switch")]
    public static let form = RecordForm.string

    public var isOn: Bool
    public var timestamp: Timestamp? { nil }
    public var isRevoking: Bool { isOn }

    public init(isOn: Bool) {
        self.isOn = isOn
    }

    public init(fields: Fields) {
        isOn = ["true", "1", "yes"].contains(fields["value"]?.lowercased())
    }
}
