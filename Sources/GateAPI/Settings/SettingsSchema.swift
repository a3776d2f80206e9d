/// What the host knows of one setting without knowing its type.
public struct SettingInfo: Sendable {
    /// The key in the file.
    public let key: String
    public let summary: String
    public let type: String
    public let unit: String?
    public let range: String?
    public let defaultText: String
    public let variable: String?
}

/// Why a scalar is not accepted for a setting.
public struct SettingIssue: Error, Sendable, Equatable {
    public let message: String
    /// The words to choose from instead, where there are only so many.
    public let choices: [String]

    public init(message: String, choices: [String] = []) {
        self.message = message
        self.choices = choices
    }
}

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

/// The settings of one gate type: their descriptions, and the values read so far.
public struct SettingsSchema<Settings: GateSettings> {
    private var settings: [String: any AnySetting] = [:]
    public let infos: [SettingInfo]

    public init() {
        var infos: [SettingInfo] = []
        for child in Mirror(reflecting: Settings()).children {
            guard let label = child.label, label.hasPrefix("_"), let setting = child.value as? any AnySetting else {
                continue
            }
            let key = Self.snakeCase(label.dropFirst())
            settings[key] = setting
            infos.append(setting.info(key: key))
        }
        self.infos = infos
    }

    /// Takes one value from the configuration. The key must be one of ``infos``.
    public mutating func set(_ key: String, _ scalar: SettingScalar) throws(SettingIssue) {
        guard let setting = settings[key] else { throw SettingIssue(message: "unknown setting '\(key)'") }
        settings[key] = try setting.parsing(scalar)
    }

    /// The value in force, in canonical text.
    public func text(_ key: String) -> String? { settings[key]?.valueText }

    public func make() throws -> Settings {
        try Settings(from: SettingsDecoder(settings: settings))
    }

    /// `maxAge` is `max_age`, `permitTTL` is `permit_ttl`.
    static func snakeCase(_ name: some StringProtocol) -> String {
        let characters = Array(name)
        var result = ""
        for (index, character) in characters.enumerated() {
            if character.isUppercase, index > 0 {
                let startsWord =
                    !characters[index - 1].isUppercase
                    || (index + 1 < characters.count && characters[index + 1].isLowercase)
                if startsWord { result += "_" }
            }
            result += character.lowercased()
        }
        return result
    }
}
