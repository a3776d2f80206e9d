/// One typed setting with its default, documented at its declaration.
@propertyWrapper
public struct Setting<Value: SettingValue>: Sendable {
    public var wrappedValue: Value
    let summary: String
    let unit: String?
    let rule: SettingRule<Value>?
    let variable: String?

    /// A setting that allows every value, or those that a rule allows.
    /// - Parameters:
    ///   - summary: the meaning of the setting, for `gatehost gates`, without a final point.
    ///   - unit: the unit of a plain number.
    ///   - variable: an environment variable that overrides the setting.
    public init(
        _ summary: String, _ rule: SettingRule<Value>? = nil, unit: String? = nil, default value: Value,
        variable: String? = nil
    ) {
        wrappedValue = value
        self.summary = summary
        self.unit = unit
        self.rule = rule
        self.variable = variable
    }

    /// A setting that allows the values in a range, both ends included.
    public init(
        _ summary: String, unit: String? = nil, in range: ClosedRange<Value>, default value: Value,
        variable: String? = nil
    )
    where Value: Comparable {
        self.init(summary, .range(range), unit: unit, default: value, variable: variable)
    }
}

/// The host makes settings by decoding: each property receives a copy of its wrapper with the configured value.
extension Setting: Decodable {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? SettingDecoder, let setting = decoder.setting as? Self else {
            throw SettingsError("settings are made by the host, not by \(type(of: decoder))")
        }
        self = setting
    }
}
