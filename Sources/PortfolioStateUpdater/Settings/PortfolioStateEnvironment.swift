package import GateAPI

/// The settings as environment variables have them: each declared once, with its range, its default and what it is for.
package struct PortfolioStateEnvironment: GateSettings {
    package enum Source: String, SettingValue, CaseIterable {
        case ledger
        case binance
    }

    @Setting(
        "Where the state comes from: records in Redis, or a Binance USDⓈ-M futures account", default: .ledger,
        variable: "PORTFOLIO_STATE_SOURCE")
    var source: Source
    @Setting("From one write to the next", unit: "s", in: 5...10, default: 5, variable: "PORTFOLIO_STATE_INTERVAL_SEC")
    var interval: Int
    @Setting(
        "Oldest reading that is written, by its own time", unit: "s", in: 1...120, default: 30,
        variable: "PORTFOLIO_STATE_MAX_AGE_SEC")
    var maximumAge: Int
    @Setting(
        "Oldest cash balance that counts", unit: "s", in: 1...604_800, default: 3_600,
        variable: "PORTFOLIO_STATE_CASH_MAX_AGE_SEC")
    var maximumCashAge: Int
    @Setting(
        "Whether no position record at all, not even a flat one, is a flat portfolio", default: false,
        variable: "PORTFOLIO_STATE_EMPTY_IS_FLAT")
    var emptyIsFlat: Bool
    @Setting("The exchange's address", default: BinanceSettings.productionURL, variable: "BINANCE_BASE_URL")
    var baseURL: String
    @Setting("Version of the account endpoint", in: 2...3, default: 3, variable: "BINANCE_ACCOUNT_VERSION")
    var accountVersion: Int
    @Setting(
        "How long after its timestamp a request may still be taken", unit: "ms", in: 100...60_000, default: 5_000,
        variable: "BINANCE_RECV_WINDOW_MS")
    var receiveWindow: Int
    @Setting(
        "Longest time for one request", unit: "ms", in: 100...20_000, default: 5_000, variable: "BINANCE_TIMEOUT_MS")
    var timeout: Int
    @Setting(
        "Request weight a minute that the exchange allows this address", in: 100...100_000, default: 2_400,
        variable: "BINANCE_WEIGHT_LIMIT")
    var weightLimit: Int

    /// Not among the settings: a message about a setting quotes its value.
    package static let keyVariable = "BINANCE_API_KEY"
    package static let secretVariable = "BINANCE_API_SECRET"
    /// All variables that begin so are this component's, so one that is not known is a typing mistake.
    static let prefix = "PORTFOLIO_STATE_"

    package init() {}

    /// Every setting with its variable, for references and help texts.
    package static var infos: [SettingInfo] { SettingsSchema<Self>().infos }
}
