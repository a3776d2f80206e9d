public import GateAPI
public import Logging
package import Telemetry

/// The log's level and format.
package struct LogConfiguration: GateSettings {
    @Setting("Least important messages that are logged", default: .info, variable: "LOG_LEVEL")
    package var level: Logger.Level
    @Setting("Look of a line; automatic: text on a terminal, json anywhere else", default: .automatic)
    package var style: LogStyle

    package init() {}
}

extension Logger.Level: SettingValue {
    /// In upper or lower case, because other services are started with `LOG_LEVEL=INFO`.
    public static var settingFormat: SettingFormat<Logger.Level> {
        let words = allCases.map(\.rawValue)
        return SettingFormat(
            "one of " + words.joined(separator: ", "), choices: words,
            parse: { Logger.Level(rawValue: $0.text.lowercased()) }, text: \.rawValue)
    }
}

extension LogStyle: SettingValue {}
