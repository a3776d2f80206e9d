package import GateAPI
import Logging
import Telemetry

/// The settings of the service. Every setting is an environment variable with the name that the replaced service used.
package struct RiskSettings: GateSettings {
    @Setting(
        "Redis: redis://[user:password@]host:port/db, unix:///path/to.sock or sentinel://host:port,…/master?db=N",
        default: "redis://localhost:6379/0",
        variable: "REDIS_URL")
    package var redisURL: String
    @Setting(
        "Address to listen on; test mode requires a loopback address", .hostName, default: "127.0.0.1",
        variable: "LISTEN_HOST")
    package var listenHost: String
    @Setting("Port of the HTTP endpoints; 0: a free port", in: 0...65_535, default: 8_049, variable: "PORT")
    package var port: Int
    @Setting(
        "Names by which clients may ask, besides addresses, localhost and this machine's name: risk.internal,risk",
        default: HostList(), variable: "ALLOWED_HOSTS")
    package var allowedHosts: HostList
    @Setting("Lowest level that is logged", default: LogLevelName(level: .info), variable: "LOG_LEVEL")
    package var logLevel: LogLevelName
    @Setting(
        "Format of log lines; automatic: text on a terminal, json elsewhere", default: .automatic,
        variable: "LOG_STYLE")
    package var logStyle: LogStyleName

    @Setting(
        "Whether Gate 0 may enforce the budgets; a run-time change survives restarts until this value changes",
        default: .shadow, variable: "P28_MODE")
    package var mode: RiskMode
    @Setting(
        "Which mode counts at a start: the one in Redis (a run-time change survives restarts) or P28_MODE (env)",
        default: .redis, variable: "P28_MODE_AUTHORITY")
    package var modeAuthority: ModeAuthority
    @Setting(
        "Length of the lease: another instance takes over after this time without a sign of life",
        in: .tenth ... .minute, default: Seconds(3), variable: "P28_LEASE_SEC")
    package var leaseLength: Seconds
    @Setting("1: POST /test/inject_portfolio_state works", default: .off, variable: "P28_TEST_MODE")
    package var testMode: Switch

    @Setting(
        "Share of the equity that a symbol without stress may hold", unit: "ratio", in: 0...10, default: .hundredths(2),
        variable: "BASE_RISK_PCT")
    package var baseRisk: Amount
    @Setting(
        "Weight of the portfolio heat in the stress", in: 0...100, default: .hundredths(40), variable: "ALPHA_HEAT")
    package var alphaHeat: Amount
    @Setting("Weight of the cluster stress", in: 0...100, default: .hundredths(40), variable: "BETA_CLUSTER")
    package var betaCluster: Amount
    @Setting("Weight of the volatility regime", in: 0...100, default: .hundredths(20), variable: "GAMMA_VOL")
    package var gammaVol: Amount
    @Setting("Smallest budget", unit: "USD", in: 0...1_000_000_000_000, default: 500, variable: "MIN_BUDGET_K")
    package var minimumBudget: Amount
    @Setting("Largest budget", unit: "USD", in: 0...1_000_000_000_000, default: 10_000, variable: "MAX_BUDGET_K")
    package var maximumBudget: Amount
    @Setting(
        "1: cap every budget at the equity, which MIN_BUDGET_K may exceed in a small account", default: .on,
        variable: "CAP_AT_EQUITY")
    package var capAtEquity: Switch

    @Setting(
        "Largest sum of all budgets, as a multiple of the equity; 0: no limit", unit: "ratio", in: 0...1_000,
        default: 1, variable: "P28_BUDGET_SUM_CAP")
    package var budgetSumCap: Amount
    @Setting(
        "Budgets without a positive equity: zero, or none, so that gates fail open", default: .zero,
        variable: "P28_ON_NO_EQUITY")
    package var onNoEquity: NoEquityPolicy
    @Setting(
        "Largest change of the equity from one state to the next that is believed at once; 0: any", unit: "ratio",
        in: 0...1_000, default: .hundredths(25), variable: "P28_EQUITY_JUMP")
    package var equityJump: Amount
    @Setting(
        "States in a row that must agree before a larger change is believed", in: 1...1_000, default: 3,
        variable: "P28_EQUITY_SAMPLES")
    package var equitySamples: Int
    @Setting(
        "Key of a second portfolio state, below quantum:state:, that confirms a larger change at once", .stateKey,
        default: nil, variable: "P28_SECOND_STATE")
    package var secondStateKey: String?
    @Setting(
        "original: where they are not set, P28_BUDGET_SUM_CAP and P28_EQUITY_JUMP are 0, P28_ON_NO_EQUITY is none",
        default: .current, variable: "P28_COMPATIBILITY")
    package var compatibility: Compatibility

    @Setting(
        "Time between computations", in: .tenth ... .hour, default: Seconds(10), variable: "BUDGET_COMPUTE_INTERVAL_SEC"
    )
    package var interval: Seconds
    @Setting(
        "A portfolio state younger than this is fresh", in: .one ... .day, default: Seconds(30), variable: "STALE_SEC")
    package var staleAfter: Seconds
    @Setting(
        "Maximum age of the last known good portfolio state, by its own timestamp", in: .one ... .day,
        default: Seconds(900),
        variable: "MAX_LKG_AGE_SEC")
    package var lastKnownGoodFor: Seconds
    @Setting(
        "Time to live of a budget record, in seconds", in: 1...86_400, default: 300, variable: "BUDGET_HASH_TTL_SEC")
    package var budgetLifetime: Int

    @Setting("Symbols that always have a budget: BTCUSDT,ETHUSDT", default: SymbolList(), variable: "SYMBOL_UNIVERSE")
    package var universe: SymbolList
    @Setting(
        "Number of newest plans whose symbols also get a budget; 0: none", in: 0...10_000, default: 500,
        variable: "PLAN_LOOKBACK")
    package var planLookback: Int
    @Setting(
        "Number of symbols that get a budget; more are an error, and open positions come first", in: 1...10_000,
        default: 2_000, variable: "MAX_SYMBOLS")
    package var maximumSymbols: Int
    @Setting(
        "Age from which a position does not count in the heat", in: .one ... .day, default: Seconds(300),
        variable: "POSITION_MAX_AGE_SEC")
    package var maximumPositionAge: Seconds
    @Setting(
        "Clusters of symbols; other symbols belong to `default`: BTCUSDT=majors,ETHUSDT=majors", default: ClusterMap(),
        variable: "CLUSTER_MAP")
    package var clusters: ClusterMap

    @Setting(
        "Exporter that provides the heat, instead of a computation from the positions", .webURL, default: nil,
        variable: "HEAT_GATE_METRICS_URL")
    package var heatURL: String?
    @Setting(
        "Name of the exporter's metric, matched exactly", .metricName, default: "p26_heat_value",
        variable: "HEAT_METRIC_NAME")
    package var heatMetric: String
    @Setting(
        "Volatility for the heat of symbols whose market state has none", unit: "ratio", in: 0...10,
        default: .hundredths(1), variable: "DEFAULT_SIGMA")
    package var defaultSigma: Amount
    @Setting(
        "Heat from which the portfolio is warm", unit: "ratio", in: 0...100, default: .hundredths(25),
        variable: "HEAT_MIN")
    package var warmHeat: Amount
    @Setting(
        "Heat from which the portfolio is hot", unit: "ratio", in: 0...100, default: .hundredths(65),
        variable: "HEAT_MAX")
    package var hotHeat: Amount

    package init() {}

    /// The token that changes of mode require; `nil` forbids them. Not a ``Setting``, because settings are printed.
    package var adminToken: AdminToken?

    private enum CodingKeys: String, CodingKey {
        case redisURL, listenHost, port, allowedHosts, logLevel, logStyle, mode, modeAuthority, leaseLength, testMode,
            baseRisk, alphaHeat,
            betaCluster, gammaVol,
            minimumBudget, maximumBudget
        case capAtEquity, interval, staleAfter, lastKnownGoodFor, budgetLifetime, universe, planLookback,
            maximumSymbols,
            maximumPositionAge, clusters, heatURL, heatMetric, defaultSigma
        case warmHeat, hotHeat, budgetSumCap, onNoEquity, equityJump, equitySamples, secondStateKey, compatibility
    }
}

extension RiskSettings {
    package var budgetParameters: BudgetParameters {
        BudgetParameters(
            baseRisk: baseRisk, alpha: alphaHeat, beta: betaCluster, gamma: gammaVol, minimum: minimumBudget,
            maximum: maximumBudget,
            capAtEquity: capAtEquity == .on)
    }
}

extension Amount {
    fileprivate static func hundredths(_ count: Int64) -> Amount { Amount(units: count, decimals: 2) }
}
