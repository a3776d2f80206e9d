import GateAPI
import Testing

@testable import PortfolioRisk

@Suite("The environment")
struct SettingsTests {
    private func errors(_ environment: [String: String]) -> [String] {
        do throws(RiskConfigurationErrors) {
            _ = try RiskConfiguration.load(environment: environment)
            return []
        } catch {
            return error.messages
        }
    }

    @Test("may be empty: the contract's defaults apply")
    func defaults() throws {
        let configuration = try RiskConfiguration.load(environment: ["P28_MODE": ""])
        #expect(configuration.warnings == [])
        let values = Dictionary(uniqueKeysWithValues: configuration.effective.map { ($0.variable, $0.value) })
        let expected = [
            "LOG_LEVEL": "info", "REDIS_URL": "redis://localhost:6379/0", "PORT": "8049", "P28_MODE": "shadow",
            "BASE_RISK_PCT": "0.02", "ALPHA_HEAT": "0.4",
            "BETA_CLUSTER": "0.4", "GAMMA_VOL": "0.2", "MIN_BUDGET_K": "500", "MAX_BUDGET_K": "10000",
            "STALE_SEC": "30", "MAX_LKG_AGE_SEC": "900",
            "BUDGET_HASH_TTL_SEC": "300", "P28_TEST_MODE": "0", "BUDGET_COMPUTE_INTERVAL_SEC": "10",
            "LISTEN_HOST": "127.0.0.1", "CAP_AT_EQUITY": "1",
        ]
        for (variable, value) in expected { #expect(values[variable] == value, "\(variable)") }
    }

    @Test("sets every setting")
    func everything() throws {
        let settings = try RiskConfiguration.load(environment: [
            "REDIS_URL": "unix:///run/redis.sock", "LISTEN_HOST": "0.0.0.0", "PORT": "0", "LOG_LEVEL": "WARNING",
            "LOG_STYLE": "json", "P28_MODE": "enforce",
            "BASE_RISK_PCT": "0.05", "MIN_BUDGET_K": "0", "BUDGET_COMPUTE_INTERVAL_SEC": "0.5",
            "SYMBOL_UNIVERSE": "btcusdt, ETHUSDT,",
            "CLUSTER_MAP": "BTCUSDT=majors, ethusdt = majors", "HEAT_GATE_METRICS_URL": "http://localhost:8056/metrics",
            "CAP_AT_EQUITY": "0",
            "P28_ADMIN_TOKEN": "0123456789abcdef",
        ]).settings
        #expect(settings.universe.settingText == "BTCUSDT,ETHUSDT")
        #expect(settings.clusters.settingText == "BTCUSDT=majors,ETHUSDT=majors")
        #expect(settings.interval.duration == .milliseconds(500))
        #expect(settings.mode == .enforce)
        #expect(settings.capAtEquity == .off)
        #expect(settings.logLevel.level == .warning)
        #expect(settings.adminToken?.matches("0123456789abcdef") == true)
    }

    @Test("is refused with a message for each of its mistakes")
    func mistakes() {
        #expect(
            errors([
                "P28_MODE": "ENFORCE", "PORT": "80490", "BASE_RISK_PCT": "two", "ALPHA_HEAT": "-1", "STALE_SEC": "0",
                "P28_TEST_MODE": "true",
                "CLUSTER_MAP": "BTCUSDT", "HEAT_GATE_METRICS_URL": "ftp://x", "REDIS_URL": "rediss://u:secret@h",
                "P28_ADMIN_TOKEN": "hunter2",
                "LOG_LEVEL": "loud",
            ]) == [
                "PORT: '80490' is outside 0...65535",
                "LOG_LEVEL: 'loud' is not one of trace, debug, info, notice, warning, error, critical",
                "P28_MODE: 'ENFORCE' is not one of shadow, enforce",
                "P28_TEST_MODE: 'true' is not one of 0, 1",
                "BASE_RISK_PCT: 'two' is not a decimal",
                "ALPHA_HEAT: '-1' is outside 0...100",
                "STALE_SEC: '0' is outside 1...86400",
                "CLUSTER_MAP: 'BTCUSDT' is not a list of symbols and clusters (BTCUSDT=majors,ETHUSDT=majors)",
                "HEAT_GATE_METRICS_URL: 'ftp://x' is not an http:// or https:// address",
                "P28_ADMIN_TOKEN: must have at least 16 printable ASCII characters and no blanks",
                "REDIS_URL: rediss:// (TLS) is not supported: use redis://, a unix:// socket, or a local TLS proxy",
            ])
    }

    @Test("is refused if settings contradict each other")
    func contradictions() {
        #expect(
            errors(["SYMBOL_UNIVERSE": "AUSDT,BUSDT", "MAX_SYMBOLS": "1"]) == [
                "SYMBOL_UNIVERSE has 2 symbols; MAX_SYMBOLS is 1"
            ])
        #expect(
            errors(["MIN_BUDGET_K": "600", "MAX_BUDGET_K": "500", "HEAT_MIN": "0.7", "MAX_LKG_AGE_SEC": "10"]) == [
                "MIN_BUDGET_K (600) is above MAX_BUDGET_K (500)", "HEAT_MIN (0.7) must be below HEAT_MAX (0.65)",
                "MAX_LKG_AGE_SEC (10) is below STALE_SEC (30)",
            ])
    }

    @Test(
        "allows test mode on loopback only",
        arguments: [
            ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("localhost", true), ("0.0.0.0", false),
            ("::", false), ("10.0.0.5", false),
            ("127.0.0.1.example.com", false), ("127.evil.example.com", false),
        ])
    func loopback(_ host: String, _ isAllowed: Bool) {
        #expect(errors(["P28_TEST_MODE": "1", "LISTEN_HOST": host]).isEmpty == isAllowed)
    }

    @Test("keeps the original's behaviour where it is asked to, but for what is set")
    func compatibility() throws {
        let current = try settings([:])
        #expect((current.budgetSumCap, current.equityJump) == (1, Amount(percent: 25)))
        #expect(current.onNoEquity == .zero)
        let original = try settings(["P28_COMPATIBILITY": "original", "P28_BUDGET_SUM_CAP": "2"])
        #expect((original.budgetSumCap, original.equityJump) == (2, .zero))
        #expect(original.onNoEquity == NoEquityPolicy.none)
    }

    @Test("refuses a second state that is the first one, or none", arguments: ["quantum:state:portfolio", "equity"])
    func secondState(_ key: String) {
        #expect(
            errors(["P28_SECOND_STATE": key]) == [
                "P28_SECOND_STATE: '\(key)' is not a key below quantum:state:"
            ])
    }

    @Test("warns of likely mistakes")
    func warnings() throws {
        let configuration = try RiskConfiguration.load(environment: ["BUDGET_HASH_TTL_SEC": "10"])
        #expect(
            configuration.warnings == [
                """
                BUDGET_HASH_TTL_SEC is no longer than BUDGET_COMPUTE_INTERVAL_SEC: \
                budgets expire before they are renewed
                """
            ])
    }

    @Test(
        "gives the address at which this machine asks the service",
        arguments: [
            ("127.0.0.1", "http://127.0.0.1:8050"), ("0.0.0.0", "http://127.0.0.1:8050"),
            ("::", "http://[::1]:8050"), ("10.0.0.5", "http://10.0.0.5:8050"), ("risk", "http://risk:8050"),
        ])
    func ownAddress(_ host: String, _ url: String) throws {
        #expect(try settings(["LISTEN_HOST": host, "PORT": "8050"]).ownURL == url)
    }

    @Test("never shows a secret")
    func secrets() throws {
        let configuration = try RiskConfiguration.load(environment: [
            "REDIS_URL": "redis://user:secret@localhost:6379/0", "P28_ADMIN_TOKEN": "secret-secret-secret",
            "HEAT_GATE_METRICS_URL": "http://me:secret@host/metrics",
        ])
        for setting in configuration.effective { #expect(!setting.value.contains("secret"), "\(setting.variable)") }
        var dumped = ""
        dump(configuration.settings.adminToken, to: &dumped)
        #expect(!dumped.contains("secret") && !"\(configuration.settings.adminToken as Any)".contains("secret"))
    }

    @Test("gives a token that matches only itself")
    func token() throws {
        let token = try #require(AdminToken("0123456789abcdef"))
        #expect(token.matches("0123456789abcdef"))
        for wrong in [
            "", "0123456789abcdeF", "0123456789abcde", "0123456789abcdef0123456789abcdef", "0123456789abcdef0",
        ] { #expect(!token.matches(wrong)) }
    }
}
