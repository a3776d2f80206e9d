public import GateAPI
public import Logging
package import Telemetry

/// What is logged, and how it looks.
package struct LogConfiguration: GateSettings {
    @Setting("Least important messages that are logged", default: .info, variable: "LOG_LEVEL")
    package var level: Logger.Level
    @Setting("Look of a line; automatic: text on a terminal, json anywhere else", default: .automatic)
    package var style: LogStyle

    package init() {}
}

extension Logger.Level: SettingValue {
    /// In any case: `LOG_LEVEL=INFO` is what other services are started with.
    public static var settingFormat: SettingFormat<Logger.Level> {
        let words = allCases.map(\.rawValue)
        return SettingFormat(
            "one of " + words.joined(separator: ", "), choices: words,
            parse: { Logger.Level(rawValue: $0.text.lowercased()) }, text: \.rawValue)
    }
}

extension LogStyle: SettingValue {}
