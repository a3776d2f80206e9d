import GateAPI
import Redis

/// All mistakes in the environment, one line each: `environment: error: PORTFOLIO_STATE_INTERVAL_SEC: '3' is outside
/// 5...10`.
package struct PortfolioStateSettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    package let messages: [String]

    package var description: String {
        messages.map { "environment: error: \($0)" }.joined(separator: "\n")
    }
}

extension PortfolioStateSettings {
    /// Reads the settings. An empty variable counts as unset.
    package init(environment: [String: String]) throws(PortfolioStateSettingsError) {
        var reader = EnvironmentReader(environment: environment.filter { !$0.value.isEmpty })
        let values = reader.values()
        let source: Source? =
            switch values.source {
            case .ledger:
                .ledger(
                    LedgerSettings(
                        maximumCashAge: .seconds(values.maximumCashAge),
                        maximumPositionAge: .seconds(values.maximumPositionAge), emptyIsFlat: values.emptyIsFlat))
            case .binance: reader.binance(values).map { .binance($0) }
            }
        guard reader.messages.isEmpty, let source else {
            throw PortfolioStateSettingsError(messages: reader.messages.sorted())
        }
        self.init(source: source, interval: .seconds(values.interval), maximumAge: .seconds(values.maximumAge))
    }
}

/// Collects all mistakes instead of stopping at the first.
private struct EnvironmentReader {
    let environment: [String: String]
    private(set) var messages: [String] = []

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func values() -> PortfolioStateEnvironment {
        var schema = SettingsSchema<PortfolioStateEnvironment>()
        var known: Set<String> = []
        for info in schema.infos {
            guard let variable = info.variable else { continue }
            known.insert(variable)
            guard let text = environment[variable] else { continue }
            do throws(SettingIssue) {
                try schema.set(info.key, SettingScalar(text: text))
            } catch {
                messages.append("\(variable): \(error.message)")
            }
        }
        for name in environment.keys where name.hasPrefix(PortfolioStateEnvironment.prefix) && !known.contains(name) {
            let names = known.filter { $0.hasPrefix(PortfolioStateEnvironment.prefix) }.sorted().joined(separator: ", ")
            messages.append("\(name): not a setting; the settings are \(names)")
        }
        do {
            return try schema.make()
        } catch {
            messages.append("\(error)")
            return PortfolioStateEnvironment()
        }
    }

    mutating func binance(_ values: PortfolioStateEnvironment) -> BinanceSettings? {
        let key = credential(PortfolioStateEnvironment.keyVariable)
        let secret = credential(PortfolioStateEnvironment.secretVariable)
        let url = baseURL(values.baseURL)
        guard let key, let secret, let url,
            let version = BinanceSettings.AccountVersion(rawValue: values.accountVersion)
        else { return nil }
        return BinanceSettings(
            key: key, secret: secret, baseURL: url, version: version,
            receiveWindow: .milliseconds(values.receiveWindow),
            timeout: .milliseconds(values.timeout), weightLimit: values.weightLimit, assets: values.assets)
    }

    /// The key is sent as a header, so it must not contain characters that end one.
    private mutating func credential(_ variable: String) -> Secret? {
        guard let text = environment[variable] else {
            messages.append("\(variable): is not set; the source 'binance' needs it")
            return nil
        }
        guard text.utf8.count <= 512, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            messages.append("\(variable): must have at most 512 printable ASCII characters and no blanks")
            return nil
        }
        return Secret(text)
    }

    private mutating func baseURL(_ text: String) -> String? {
        let url = BaseURL(text)
        if let complaint = url.complaint {
            messages.append("BINANCE_BASE_URL: \(complaint)")
            return nil
        }
        return url.text
    }
}
