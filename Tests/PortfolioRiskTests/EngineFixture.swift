import GateAPI
import Logging
import Redis
import Synchronization
import Telemetry
import TestSupport
import TradingState

@testable import PortfolioRisk

/// A clock that moves only when the test advances it.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(seconds: 1_795_354_260))

    @Sendable func now() -> Timestamp { time.withLock { $0 } }

    func advance(_ seconds: Int64) {
        time.withLock { $0 = Timestamp(microseconds: $0.microseconds + seconds * 1_000_000) }
    }
}

/// An engine with its own Redis and a test clock. It holds the lease, which it takes from an earlier engine.
struct EngineFixture {
    let redis: RedisFixture
    let clock = TestClock()
    let registry = MetricRegistry()
    let mode: ModeControl
    let lease: LeaseControl
    let board: CycleBoard
    let engine: RiskEngine

    /// - Parameter url: the engine's way to Redis; `nil` for the server's own socket.
    init(
        _ redis: RedisFixture? = nil, settings: RiskSettings = RiskSettings(), clock: TestClock? = nil,
        through url: String? = nil
    ) throws {
        let redis = try redis ?? RedisFixture()
        self.redis = redis
        let clock = clock ?? self.clock
        let start = clock.now()
        mode = ModeControl(environment: settings.mode, authority: settings.modeAuthority) {
            clock.now().since(start)
        }
        lease = LeaseControl(length: .seconds(60), interval: settings.interval.duration)
        board = CycleBoard(lease)
        engine = RiskEngine(
            settings, redis: try RedisConfiguration(url: url ?? redis.server.url), mode: mode, lease: lease,
            metrics: try RiskMetrics(registry), logger: silentLogger,
            board: board, clock: { _ in clock.now() })
        try takeLease()
    }

    func takeLease() throws {
        try redis.command("HSET", LeaseScript.key, "until", "0")
        var pipeline = RedisPipeline()
        LeaseScript.addTake(lease.holder, for: lease.length, to: &pipeline)
        guard let reply = try redis.connection.send(pipeline).first else { throw FixtureError.noReply }
        lease.record(try LeaseReading(reply))
    }

    func publishState(_ equity: String = "100000.0", secondsAgo: Int64 = 0) throws {
        let timestamp = clock.now().milliseconds / 1_000 - secondsAgo
        try redis.command(
            "HSET", PortfolioState.key, "equity_usd", equity, "timestamp", "\(timestamp)", "drawdown", "0.0")
    }

    func publishPosition(_ symbol: String, _ quantity: String, mark: String = "100") throws {
        try redis.command(
            "HSET", "quantum:position:snapshot:\(symbol)", "position_amt", quantity, "mark_price", mark, "ts_epoch",
            "\(clock.now().milliseconds / 1_000)")
    }

    func budget(_ symbol: String) throws -> [String: String] {
        try redis.hash("quantum:portfolio:budget:\(symbol)")
    }

    /// The value of a series; `nil` if the exposition lacks it.
    func metric(_ series: String) -> String? {
        metricValue(series, in: String(decoding: registry.exposition(), as: UTF8.self))
    }
}

func metricValue(_ series: String, in exposition: String) -> String? {
    exposition.split(separator: "\n").first { $0.hasPrefix(series + " ") }.map {
        String($0.dropFirst(series.count + 1))
    }
}

let silentLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// Settings from environment variables.
func settings(_ environment: [String: String]) throws -> RiskSettings {
    try RiskConfiguration.load(environment: environment).settings
}
