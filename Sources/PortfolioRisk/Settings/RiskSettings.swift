package import GateAPI
import Logging
import Telemetry

/// What the service is started with. Every setting is an environment variable, under the names that the service it
/// replaces was deployed with.
package struct RiskSettings: GateSettings {
    @Setting(
        "Redis: redis://[user:password@]host:port/db, unix:///path/to.sock or sentinel://host:port,…/master?db=N",
        default: "redis://localhost:6379/0",
        variable: "REDIS_URL")
    package var redisURL: String
    @Setting(
        "Address to listen on; test mode refuses all but loopback", .hostName, default: "127.0.0.1",
        variable: "LISTEN_HOST")
    package var listenHost: String
    @Setting("Port of the HTTP endpoints; 0 takes a free one", in: 0...65_535, default: 8_049, variable: "PORT")
    package var port: Int
    @Setting("Least important messages that are logged", default: LogLevelName(level: .info), variable: "LOG_LEVEL")
    package var logLevel: LogLevelName
    @Setting(
        "Look of a log line; automatic: text on a terminal, json anywhere else", default: .automatic,
        variable: "LOG_STYLE")
    package var logStyle: LogStyleName

    @Setting(
        "Whether Gate 0 may enforce the budgets; a change at run time outlives a restart until this value changes",
        default: .shadow, variable: "P28_MODE")
    package var mode: RiskMode
    @Setting("1: POST /test/inject_portfolio_state works", default: .off, variable: "P28_TEST_MODE")
    package var testMode: Switch

    @Setting(
        "Part of the equity that an unstressed symbol may hold", unit: "ratio", in: 0...10, default: .hundredths(2),
        variable: "BASE_RISK_PCT")
    package var baseRisk: Amount
    @Setting(
        "Weight of the portfolio's heat in the stress", in: 0...100, default: .hundredths(40), variable: "ALPHA_HEAT")
    package var alphaHeat: Amount
    @Setting("Weight of the cluster's stress", in: 0...100, default: .hundredths(40), variable: "BETA_CLUSTER")
    package var betaCluster: Amount
    @Setting("Weight of the volatility's regime", in: 0...100, default: .hundredths(20), variable: "GAMMA_VOL")
    package var gammaVol: Amount
    @Setting("Smallest budget", unit: "USD", in: 0...1_000_000_000_000, default: 500, variable: "MIN_BUDGET_K")
    package var minimumBudget: Amount
    @Setting("Largest budget", unit: "USD", in: 0...1_000_000_000_000, default: 10_000, variable: "MAX_BUDGET_K")
    package var maximumBudget: Amount
    @Setting(
        "1: no budget beyond the equity itself, which the smallest budget would give to a tiny account", default: .on,
        variable: "CAP_AT_EQUITY")
    package var capAtEquity: Switch

    @Setting(
        "Time between computations", in: .tenth ... .hour, default: Seconds(10), variable: "BUDGET_COMPUTE_INTERVAL_SEC"
    )
    package var interval: Seconds
    @Setting(
        "A portfolio state younger than this is fresh", in: .one ... .day, default: Seconds(30), variable: "STALE_SEC")
    package var staleAfter: Seconds
    @Setting(
        "How long a portfolio state is bridged, from its own timestamp", in: .one ... .day, default: Seconds(900),
        variable: "MAX_LKG_AGE_SEC")
    package var lastKnownGoodFor: Seconds
    @Setting("Life of a budget record", in: 1...86_400, default: 300, variable: "BUDGET_HASH_TTL_SEC")
    package var budgetLifetime: Int

    @Setting("Symbols that always have a budget: BTCUSDT,ETHUSDT", default: SymbolList(), variable: "SYMBOL_UNIVERSE")
    package var universe: SymbolList
    @Setting(
        "Newest plans whose symbols get a budget too; 0: none", in: 0...10_000, default: 500, variable: "PLAN_LOOKBACK")
    package var planLookback: Int
    @Setting(
        "Clusters of symbols, the others being in `default`: BTCUSDT=majors,ETHUSDT=majors", default: ClusterMap(),
        variable: "CLUSTER_MAP")
    package var clusters: ClusterMap

    @Setting(
        "Exporter to take the heat from, instead of computing it from the positions", .webURL, default: nil,
        variable: "HEAT_GATE_METRICS_URL")
    package var heatURL: String?
    @Setting(
        "Name of the exporter's metric, matched exactly", .metricName, default: "p26_heat_value",
        variable: "HEAT_METRIC_NAME")
    package var heatMetric: String
    @Setting(
        "Volatility of symbols whose market state has none, for the heat", unit: "ratio", in: 0...10,
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

    /// The token that changes of mode must show; `nil` forbids them. Not a ``Setting``: those are printed.
    package var adminToken: AdminToken?

    private enum CodingKeys: String, CodingKey {
        case redisURL, listenHost, port, logLevel, logStyle, mode, testMode, baseRisk, alphaHeat, betaCluster, gammaVol,
            minimumBudget, maximumBudget
        case capAtEquity, interval, staleAfter, lastKnownGoodFor, budgetLifetime, universe, planLookback, clusters,
            heatURL, heatMetric, defaultSigma
        case warmHeat, hotHeat
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
    fileprivate static func hundredths(_ count: Int128) -> Amount { Amount(units: count * 1_000_000) }
}
