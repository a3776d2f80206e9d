package import GateAPI

/// The settings as environment variables, each declared once with its range, default and purpose.
package struct PortfolioStateEnvironment: GateSettings {
    package enum Source: String, SettingValue, CaseIterable {
        case ledger
        case binance
    }

    @Setting(
        "Source of the state: records in Redis, or a Binance USDⓈ-M futures account", default: .ledger,
        variable: "PORTFOLIO_STATE_SOURCE")
    var source: Source
    @Setting("Time between writes", unit: "s", in: 5...10, default: 5, variable: "PORTFOLIO_STATE_INTERVAL_SEC")
    var interval: Int
    @Setting(
        "Maximum age of a reading, by its own timestamp", unit: "s", in: 1...120, default: 30,
        variable: "PORTFOLIO_STATE_MAX_AGE_SEC")
    var maximumAge: Int
    @Setting(
        "Maximum age of the cash balance; the state is as old as its oldest input", unit: "s", in: 1...604_800,
        default: 30, variable: "PORTFOLIO_STATE_CASH_MAX_AGE_SEC")
    var maximumCashAge: Int
    @Setting(
        "Age from which an open position in the ledger is left out, and told", unit: "s", in: 1...604_800, default: 300,
        variable: "PORTFOLIO_STATE_POSITION_MAX_AGE_SEC")
    var maximumPositionAge: Int
    @Setting(
        "Whether a ledger without any position record counts as a flat portfolio", default: false,
        variable: "PORTFOLIO_STATE_EMPTY_IS_FLAT")
    var emptyIsFlat: Bool
    @Setting("Address of the exchange", default: BinanceSettings.productionURL, variable: "BINANCE_BASE_URL")
    var baseURL: String
    @Setting("Version of the account endpoint", in: 2...3, default: 3, variable: "BINANCE_ACCOUNT_VERSION")
    var accountVersion: Int
    @Setting(
        "How long after its timestamp the exchange accepts a request", unit: "ms", in: 100...60_000, default: 5_000,
        variable: "BINANCE_RECV_WINDOW_MS")
    var receiveWindow: Int
    @Setting(
        "Time limit of one request", unit: "ms", in: 100...20_000, default: 5_000, variable: "BINANCE_TIMEOUT_MS")
    var timeout: Int
    @Setting(
        "Request weight per minute that the exchange allows this address", in: 100...100_000, default: 2_400,
        variable: "BINANCE_WEIGHT_LIMIT")
    var weightLimit: Int
    @Setting(
        """
        Assets that count, each unit as one USD: USDT,USDC; empty: the account's totals, which in single-asset mode are \
        those of USDT alone
        """, default: BinanceAssets(), variable: "BINANCE_ASSETS")
    var assets: BinanceAssets

    /// Whether and from where a budget service publishes the portfolio state.
    package static let sourceVariable = "PORTFOLIO_STATE_SOURCE"
    /// Not ordinary settings: messages about a setting quote its value.
    package static let keyVariable = "BINANCE_API_KEY"
    package static let secretVariable = "BINANCE_API_SECRET"
    /// All variables with this prefix belong to this component, so an unknown one is a typing mistake.
    static let prefix = "PORTFOLIO_STATE_"

    package init() {}

    /// All settings, for references and help texts.
    package static var infos: [SettingInfo] { SettingsSchema<Self>().infos }
}
