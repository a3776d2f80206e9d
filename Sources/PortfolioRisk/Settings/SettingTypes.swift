package import GateAPI
package import Logging
package import Telemetry

/// `1` or `0`, the traditional values of these variables.
package enum Switch: String, SettingValue, CaseIterable {
    case off = "0"
    case on = "1"
}

/// A duration as a plain number of seconds.
package struct Seconds: SettingValue, Comparable {
    package let duration: Duration

    package static let tenth = Seconds(.milliseconds(100))
    package static let one = Seconds(1)
    package static let minute = Seconds(60)
    package static let hour = Seconds(3_600)
    package static let day = Seconds(86_400)

    package init(_ duration: Duration) {
        self.duration = duration
    }

    package init(_ seconds: Int) {
        self.init(.seconds(seconds))
    }

    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("number of seconds", parse: Self.init(setting:), text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        guard let amount = Amount(setting: setting), let microseconds = Int64(exactly: amount.units(decimals: 6)) else {
            return nil
        }
        self.init(.microseconds(microseconds))
    }

    package var settingText: String { duration.seconds.description }

    package static func < (left: Seconds, right: Seconds) -> Bool { left.duration < right.duration }
}

/// Symbols, separated by commas.
package struct SymbolList: SettingValue {
    package let symbols: [Symbol]

    package init(_ symbols: [Symbol] = []) {
        self.symbols = symbols
    }

    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("list of symbols (BTCUSDT,ETHUSDT)", parse: Self.init(setting:), text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        var symbols: [Symbol] = []
        for part in setting.text.split(separator: ",") {
            guard let symbol = Symbol(part.trimmed) else { return nil }
            symbols.append(symbol)
        }
        self.init(symbols)
    }

    package var settingText: String { symbols.map(\.name).joined(separator: ",") }
}

/// Names of hosts, separated by commas.
package struct HostList: SettingValue {
    package let names: [String]

    package init(_ names: [String] = []) {
        self.names = names
    }

    package static var settingFormat: SettingFormat<Self> {
        SettingFormat("list of host names (risk.internal,risk)", parse: Self.init(setting:), text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        names = setting.text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        guard names.allSatisfy({ !$0.isEmpty && isHost($0) }) else { return nil }
    }

    package var settingText: String { names.joined(separator: ",") }
}

/// The cluster of each symbol.
package struct ClusterMap: SettingValue {
    package let clusters: [Symbol: String]

    package init(_ clusters: [Symbol: String] = [:]) {
        self.clusters = clusters
    }

    package static var settingFormat: SettingFormat<Self> {
        SettingFormat(
            "list of symbols and clusters (BTCUSDT=majors,ETHUSDT=majors)", parse: Self.init(setting:),
            text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        var clusters: [Symbol: String] = [:]
        for part in setting.text.split(separator: ",") {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            // A symbol in two clusters is a mistake.
            guard sides.count == 2, let symbol = Symbol(sides[0].trimmed), Symbol(sides[1].trimmed) != nil,
                clusters[symbol] == nil
            else {
                return nil
            }
            clusters[symbol] = sides[1].trimmed
        }
        self.init(clusters)
    }

    package var settingText: String {
        clusters.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
    }
}

/// A log level in any case: other services are started with `LOG_LEVEL=INFO`.
package struct LogLevelName: SettingValue {
    package let level: Logger.Level

    package init(level: Logger.Level) {
        self.level = level
    }

    package static var settingFormat: SettingFormat<Self> {
        let words = Logger.Level.allCases.map(\.rawValue)
        return SettingFormat(
            "one of " + words.joined(separator: ", "), choices: words, parse: Self.init(setting:), text: \.settingText)
    }

    package init?(setting: SettingScalar) {
        guard let level = Logger.Level(rawValue: setting.text.lowercased()) else { return nil }
        self.init(level: level)
    }

    package var settingText: String { level.rawValue }
}

package enum LogStyleName: String, SettingValue, CaseIterable {
    case automatic, text, json

    package var style: LogStyle {
        switch self {
        case .automatic: .automatic
        case .text: .text
        case .json: .json
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
