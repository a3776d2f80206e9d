/// A gate's settings: a struct of ``Setting`` properties. The keys in the file are the property names in snake case.
///
///     public struct Settings: GateSettings {
///         @Setting("Widest spread at which new exposure is allowed", unit: "bps", in: 1...1_000, default: 50)
///         public var maxSpread: Int
///         /// Another settings struct adds its own keys at this place.
///         public var position = PositionSettings()
///
///         public init() {}
///     }
public protocol GateSettings: Decodable, Sendable {
    /// The defaults.
    init()
}

/// The settings of a gate that has none.
public struct NoSettings: GateSettings {
    public init() {}
}

/// Settings that contradict each other, thrown from a gate's `init(settings:)`.
public struct SettingsError: Error, Sendable, Equatable {
    /// The key to point at, in snake case; `nil` points at the gate.
    package let key: String?
    package let message: String

    public init(_ message: String, key: String? = nil) {
        self.key = key
        self.message = message
    }
}
