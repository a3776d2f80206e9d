/// The settings of one settings struct: their descriptions, and the values read so far. The keys of a settings struct
/// within it stand at its place.
package struct SettingsSchema<Settings: GateSettings> {
    private var settings: [String: any AnySetting] = [:]
    package let infos: [SettingInfo]

    package init() {
        var infos: [SettingInfo] = []
        Self.collect(from: Settings(), &settings, &infos)
        self.infos = infos
    }

    private static func collect(
        from group: any GateSettings, _ settings: inout [String: any AnySetting], _ infos: inout [SettingInfo]
    ) {
        for child in Mirror(reflecting: group).children {
            if let inner = child.value as? any GateSettings {
                collect(from: inner, &settings, &infos)
            } else if let label = child.label, label.hasPrefix("_"), let setting = child.value as? any AnySetting {
                let key = snakeCase(label.dropFirst())
                settings[key] = setting
                infos.append(setting.info(key: key))
            }
        }
    }

    /// Sets one value from the configuration. The key must be one of ``infos``.
    package mutating func set(_ key: String, _ scalar: SettingScalar) throws(SettingIssue) {
        guard let setting = settings[key] else { throw SettingIssue(message: "unknown setting '\(key)'") }
        settings[key] = try setting.parsing(scalar)
    }

    /// The value in force, in canonical text.
    package func text(_ key: String) -> String? { settings[key]?.valueText }

    package func make() throws -> Settings {
        try Settings(from: SettingsDecoder(settings: settings))
    }

    /// `maxAge` becomes `max_age`, `permitTTL` becomes `permit_ttl`.
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
