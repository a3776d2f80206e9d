/// A gate's settings: a struct of ``Setting`` properties. Keys in the file are the property names in snake case.
///
///     public struct Settings: GateSettings {
///         @Setting("Widest spread at which new exposure is allowed", unit: "bps", in: 1...1_000, default: 50) public var maxSpread: Int
///         public init() {}
///     }
public protocol GateSettings: Decodable, Sendable {
    /// The defaults.
    init()
}

/// For gates without settings.
public struct NoSettings: GateSettings {
    public init() {}
}

/// Settings that contradict each other, thrown from a gate's `init(settings:)`.
public struct SettingsError: Error, Sendable, Equatable {
    /// The key to point at, in snake case; `nil` points at the gate.
    public let key: String?
    public let message: String

    public init(_ message: String, key: String? = nil) {
        self.key = key
        self.message = message
    }
}

/// One typed setting with its default, documented where it is declared.
@propertyWrapper
public struct Setting<Value: SettingValue>: Sendable {
    public var wrappedValue: Value
    let summary: String
    let unit: String?
    let rule: SettingRule<Value>?
    let variable: String?

    /// A setting of which every value is allowed.
    /// - Parameters:
    ///   - summary: what it does, for `gatehost gates`, with no final point.
    ///   - unit: the unit of a plain number.
    ///   - variable: an environment variable that overrides it.
    public init(_ summary: String, unit: String? = nil, default value: Value, variable: String? = nil) {
        self.init(wrappedValue: value, summary: summary, unit: unit, rule: nil, variable: variable)
    }

    /// A setting that must lie in a range.
    public init(
        _ summary: String, unit: String? = nil, in range: ClosedRange<Value>, default value: Value,
        variable: String? = nil
    )
    where Value: Comparable {
        self.init(wrappedValue: value, summary: summary, unit: unit, rule: .range(range), variable: variable)
    }

    /// A setting with a rule of its own.
    public init(
        _ summary: String, _ rule: SettingRule<Value>, unit: String? = nil, default value: Value,
        variable: String? = nil
    ) {
        self.init(wrappedValue: value, summary: summary, unit: unit, rule: rule, variable: variable)
    }

    private init(wrappedValue: Value, summary: String, unit: String?, rule: SettingRule<Value>?, variable: String?) {
        self.wrappedValue = wrappedValue
        self.summary = summary
        self.unit = unit
        self.rule = rule
        self.variable = variable
    }
}

/// The host builds settings by decoding: each wrapper receives the copy of itself that carries the configured value.
extension Setting: Decodable {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? SettingDecoder, let setting = decoder.setting as? Self else {
            throw SettingsError("settings are made by the host, not by \(type(of: decoder))")
        }
        self = setting
    }
}
