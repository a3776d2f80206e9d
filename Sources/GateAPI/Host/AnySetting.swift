/// A ``Setting`` without its type.
protocol AnySetting {
    var valueText: String { get }
    func info(key: String) -> SettingInfo
    func parsing(_ scalar: SettingScalar) throws(SettingIssue) -> any AnySetting
}

extension Setting: AnySetting {
    var valueText: String { wrappedValue.settingText }

    func info(key: String) -> SettingInfo {
        SettingInfo(
            key: key, summary: summary, type: Value.settingType, unit: unit, range: rule?.text,
            defaultText: wrappedValue.settingText, variable: variable)
    }

    func parsing(_ scalar: SettingScalar) throws(SettingIssue) -> any AnySetting {
        guard let value = Value(setting: scalar) else {
            throw SettingIssue(
                message: "\(scalar.shown) is not \(Self.article(Value.settingType))", choices: Value.settingChoices)
        }
        if let rule, !rule.holds(value) {
            throw SettingIssue(message: "\(scalar.shown) \(rule.complaint)")
        }
        var copy = self
        copy.wrappedValue = value
        return copy
    }

    private static func article(_ type: String) -> String {
        if type.hasPrefix("one of") || type.hasPrefix("true") || type == "text" { return type }
        return "aeiou".contains(type.prefix(1)) ? "an \(type)" : "a \(type)"
    }
}
