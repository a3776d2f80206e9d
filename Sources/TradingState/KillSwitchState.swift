public import GateAPI

/// `quantum:kill`: exactly `1` stops trading; `0`, or no such key, lets it run.
public struct KillSwitchState: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:kill")]
    public static let form = RecordForm.string

    public var isOn: Bool
    public var timestamp: Timestamp? { nil }

    public init(isOn: Bool) {
        self.isOn = isOn
    }

    /// Anything but `0` and `1` is malformed: nobody knows what its writer wanted.
    public init(fields: Fields) throws(InputFailure) {
        switch fields["value"] {
        case "1": isOn = true
        case "0": isOn = false
        default: throw .malformed(field: "quantum:kill")
        }
    }
}

/// `quantum:global:kill_switch`: `true`, `1` or `yes` stops trading.
public struct GlobalKillSwitchState: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:global:kill_switch")]
    public static let form = RecordForm.string

    public var isOn: Bool
    public var timestamp: Timestamp? { nil }

    public init(isOn: Bool) {
        self.isOn = isOn
    }

    public init(fields: Fields) {
        isOn = ["true", "1", "yes"].contains(fields["value"]?.lowercased())
    }
}
