public import GateAPI

/// The settings of a gate that asks for an intent's exposure. A gate's settings struct holds it as one property.
public struct PositionSettings: GateSettings {
    @Setting(
        "Oldest position snapshot that counts, by its own timestamp", in: .seconds(1) ... .seconds(86_400),
        default: .seconds(300))
    public var positionMaxAge: Duration
    @Setting("Position assumed for a symbol without any snapshot", default: .flat)
    public var missingPosition: MissingPosition

    public init() {}
}

/// The position assumed for a symbol without any snapshot.
public enum MissingPosition: String, SettingValue, CaseIterable {
    /// Nothing is held: the first order in a symbol is judged by itself.
    case flat
    /// Unknown: only an intent's own claim tells a close from an open.
    case unknown
}
