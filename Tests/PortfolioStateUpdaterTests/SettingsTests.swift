import Redis
import Testing

@testable import PortfolioStateUpdater

@Suite("Settings from the environment")
struct SettingsTests {
    static let credentials = [
        "PORTFOLIO_STATE_SOURCE": "binance", "BINANCE_API_KEY": "key", "BINANCE_API_SECRET": "s3cret",
    ]

    @Test("default to the ledger, read every five seconds")
    func defaults() throws {
        let settings = try PortfolioStateSettings(environment: [
            "PATH": "/bin", "PORTFOLIO_STATE_SOURCE": "", "BINANCE_API_KEY": "unused",
        ])
        #expect(settings == PortfolioStateSettings())
        #expect(settings.interval == .seconds(5))
        #expect(settings.source == .ledger(LedgerSettings(maximumCashAge: .seconds(30), emptyIsFlat: false)))
    }

    @Test("configure the ledger")
    func ledger() throws {
        let settings = try PortfolioStateSettings(environment: [
            "PORTFOLIO_STATE_SOURCE": "ledger", "PORTFOLIO_STATE_INTERVAL_SEC": "10",
            "PORTFOLIO_STATE_MAX_AGE_SEC": "20",
            "PORTFOLIO_STATE_CASH_MAX_AGE_SEC": "600", "PORTFOLIO_STATE_POSITION_MAX_AGE_SEC": "900",
            "PORTFOLIO_STATE_EMPTY_IS_FLAT": "true",
        ])
        let expected = PortfolioStateSettings(
            source: .ledger(
                LedgerSettings(
                    maximumCashAge: .seconds(600), maximumPositionAge: .seconds(900), emptyIsFlat: true)),
            interval: .seconds(10), maximumAge: .seconds(20))
        #expect(settings == expected)
    }

    @Test("configure the exchange")
    func binance() throws {
        let extra = [
            "BINANCE_BASE_URL": "http://127.0.0.1:8080/", "BINANCE_ACCOUNT_VERSION": "2",
            "BINANCE_RECV_WINDOW_MS": "2000", "BINANCE_TIMEOUT_MS": "1500",
            "BINANCE_WEIGHT_LIMIT": "1200", "BINANCE_ASSETS": "usdt, USDC",
        ]
        let settings = try PortfolioStateSettings(environment: Self.credentials.merging(extra) { $1 })
        #expect(
            settings.source
                == .binance(
                    BinanceSettings(
                        key: Secret("key"), secret: Secret("s3cret"), baseURL: "http://127.0.0.1:8080", version: .v2,
                        receiveWindow: .seconds(2),
                        timeout: .milliseconds(1_500), weightLimit: 1_200,
                        assets: BinanceAssets(["USDT", "USDC"]))))
        #expect(!"\(settings)".contains("s3cret"))
    }

    @Test("with mistakes are all reported, to the letter")
    func errors() {
        let environment = [
            "PORTFOLIO_STATE_SOURCE": "binance", "PORTFOLIO_STATE_INTERVAL_SEC": "3",
            "PORTFOLIO_STATE_INTERVALL_SEC": "5", "BINANCE_API_SECRET": "two words",
            "BINANCE_ACCOUNT_VERSION": "three",
        ]
        let error = #expect(throws: PortfolioStateSettingsError.self) {
            try PortfolioStateSettings(environment: environment)
        }
        #expect(
            error?.description == """
                environment: error: BINANCE_ACCOUNT_VERSION: 'three' is not an integer
                environment: error: BINANCE_API_KEY: is not set; the source 'binance' needs it
                environment: error: BINANCE_API_SECRET: must have at most 512 printable ASCII characters and no blanks
                environment: error: PORTFOLIO_STATE_INTERVALL_SEC: not a setting; the settings are \
                PORTFOLIO_STATE_CASH_MAX_AGE_SEC, PORTFOLIO_STATE_EMPTY_IS_FLAT, PORTFOLIO_STATE_INTERVAL_SEC, \
                PORTFOLIO_STATE_MAX_AGE_SEC, PORTFOLIO_STATE_POSITION_MAX_AGE_SEC, PORTFOLIO_STATE_SOURCE
                environment: error: PORTFOLIO_STATE_INTERVAL_SEC: '3' is outside 5...10
                """)
    }

    @Test(
        "refuse assets that are not worth a dollar or stand twice",
        arguments: ["BNB", "USDT,USDT", "USDT,", "USDT;USDC"])
    func assets(list: String) {
        #expect(
            throws: PortfolioStateSettingsError(messages: [
                "BINANCE_ASSETS: '\(list)' is not a list of dollar assets (USDT,USDC)"
            ])
        ) {
            try PortfolioStateSettings(environment: Self.credentials.merging(["BINANCE_ASSETS": list]) { $1 })
        }
    }

    @Test("refuse an unknown source")
    func source() {
        #expect(
            throws: PortfolioStateSettingsError(messages: [
                "PORTFOLIO_STATE_SOURCE: 'bybit' is not one of ledger, binance"
            ])
        ) {
            try PortfolioStateSettings(environment: ["PORTFOLIO_STATE_SOURCE": "bybit"])
        }
    }

    @Test(
        "refuse an address that would reveal the key or is malformed",
        arguments: [
            ("fapi.binance.com", "is not a URL: expected https://host or https://host:port"),
            ("ftp://fapi.binance.com", "has an unknown scheme: expected https://"),
            ("http://fapi.binance.com", "sends the API key in clear: use https:// (http:// is for this machine only)"),
            (
                "http://localhost.evil.example",
                "sends the API key in clear: use https:// (http:// is for this machine only)"
            ),
            (
                "https://user:hunter2@host",
                "holds a user or a password: they belong in BINANCE_API_KEY and BINANCE_API_SECRET"
            ),
            ("https://host/fapi", "holds a path or a query: expected https://host or https://host:port"),
            ("https://host?x=1", "holds a path or a query: expected https://host or https://host:port"),
            ("https://", "has no readable host and port: expected https://host or https://host:port"),
            ("https://host:", "has no readable host and port: expected https://host or https://host:port"),
            ("https://ho st", "has no readable host and port: expected https://host or https://host:port"),
            ("https://host:70000", "has a port outside 1...65535"),
        ])
    func baseURL(url: String, complaint: String) {
        #expect(throws: PortfolioStateSettingsError(messages: ["BINANCE_BASE_URL: \(complaint)"])) {
            try PortfolioStateSettings(environment: Self.credentials.merging(["BINANCE_BASE_URL": url]) { $1 })
        }
    }

    @Test(
        "accept an address and drop its trailing slash",
        arguments: [
            "https://fapi.binance.com", "https://demo-fapi.binance.com:443", "http://[::1]:9", "http://localhost",
        ])
    func goodURL(url: String) throws {
        let settings = try PortfolioStateSettings(
            environment: Self.credentials.merging(["BINANCE_BASE_URL": url + "/"]) { $1 })
        guard case .binance(let binance) = settings.source else {
            Issue.record("not the exchange")
            return
        }
        #expect(binance.baseURL == url)
    }
}
