import GateAPI
import Logging
import Redis
import ServiceLifecycle
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import PortfolioStateUpdater

@Suite("The updater")
struct PortfolioStateUpdaterTests {
    /// A running updater with its own Redis server.
    final class Running {
        let redis: RedisFixture
        let registry = MetricRegistry()
        let log = LogRecorder()
        private let task: Task<Void, Never>

        init(_ source: any PortfolioStateSource, interval: Duration = .milliseconds(20), redis: RedisFixture? = nil)
            throws
        {
            let redis = try redis ?? RedisFixture(appendOnly: true)
            self.redis = redis
            var configuration = try RedisConfiguration(url: redis.server.url)
            configuration.commandTimeout = .seconds(5)
            let updater = try PortfolioStateUpdater(
                settings: PortfolioStateSettings(interval: interval), source: source, redis: configuration,
                registry: registry, logger: log.logger)
            task = Task { await updater.run() }
        }

        func stop() async {
            task.cancel()
            await task.value
        }

        func metric(_ line: String) -> Double? {
            let text = String(decoding: registry.exposition(), as: UTF8.self)
            return text.split(separator: "\n").first { $0.hasPrefix(line + " ") }.flatMap {
                Double($0.dropFirst(line.count + 1))
            }
        }

        func failures(_ reason: PortfolioStateFailure.Reason) -> Double {
            metric("portfolio_state_failures_total{reason=\"\(reason.rawValue)\"}") ?? -1
        }
    }

    @Test("writes at once and repeatedly until it is stopped")
    func writes() async throws {
        let source = ScriptedSource(.success(.equity(100)))
        let running = try Running(source)
        try await eventually("several writes") { running.metric("portfolio_state_writes_total") ?? 0 >= 5 }
        await running.stop()
        #expect(source.isClosed.withLock { $0 })
        #expect(try running.redis.hash("quantum:state:portfolio")["equity_usd"] == "100.00")
        #expect(try running.redis.hash("quantum:state:portfolio")["source"] == "scripted")
        #expect(running.metric("portfolio_state_equity_usd") == 100)
        #expect(running.metric("portfolio_state_age_seconds") ?? 99 < 30)
        let writes = try running.redis.entries("quantum:stream:portfolio.state").count
        #expect(Double(writes) == running.metric("portfolio_state_writes_total"))
    }

    @Test("writes nothing while its source fails, keeps the old record, and recovers")
    func failing() async throws {
        let source = ScriptedSource(.success(.equity(100)))
        let running = try Running(source)
        try await eventually("a write") { running.metric("portfolio_state_writes_total") ?? 0 >= 1 }
        source.set(.failure(PortfolioStateFailure(.serverError, "down")))
        try await eventually("failures") { running.failures(.serverError) >= 3 }
        let before = try running.redis.entries("quantum:stream:portfolio.state").count
        try await eventually("more failures") { running.failures(.serverError) >= 4 }
        #expect(try running.redis.entries("quantum:stream:portfolio.state").count == before)
        #expect(try running.redis.hash("quantum:state:portfolio")["equity_usd"] == "100.00")
        #expect(running.log.text.contains("no portfolio state is written; the last one ages"))
        source.set(.success(.equity(90)))
        try await eventually("a write again") { try running.redis.hash("quantum:state:portfolio")["drawdown"] == "0.1" }
        await running.stop()
        #expect(running.log.text.contains("the portfolio state is written again"))
    }

    @Test(
        "writes no reading that is stale or from the future",
        arguments: [(-31, PortfolioStateFailure.Reason.inputStale), (3_600, .inputFutureDated)]
            as [(Int64, PortfolioStateFailure.Reason)])
    func stale(seconds: Int64, reason: PortfolioStateFailure.Reason) async throws {
        let time = Timestamp(milliseconds: Clocks.system.wall().milliseconds + seconds * 1_000)
        let running = try Running(ScriptedSource(.success(.equity(100, asOf: time))))
        try await eventually("a failure") { running.failures(reason) >= 1 }
        await running.stop()
        #expect(
            try running.redis.command("EXISTS", "quantum:state:portfolio", "quantum:stream:portfolio.state").integer
                == 0)
        #expect(running.log.text.contains("the script"))
    }

    @Test("continues with the stored peak after Redis was killed and restarted")
    func redisGone() async throws {
        let source = ScriptedSource(.success(.equity(200)))
        let running = try Running(source)
        try await eventually("a write") { running.metric("portfolio_state_writes_total") ?? 0 >= 1 }
        running.redis.server.kill()
        try await eventually("failures") { running.failures(.redis) >= 2 }
        source.set(.success(.equity(150)))
        try running.redis.server.restart()
        try running.redis.reconnect()
        try await eventually("a write after the restart") {
            try running.redis.hash("quantum:state:portfolio")["drawdown"] == "0.25"
        }
        await running.stop()
    }

    @Test("reports a growing age until its first write")
    func neverWritten() async throws {
        let clock = Mutex(Timestamp(seconds: 1_000))
        let clocks = Clocks(wall: { clock.withLock { $0 } }, steady: { ContinuousClock.now })
        let registry = MetricRegistry()
        _ = try PortfolioStateUpdater(
            settings: PortfolioStateSettings(), source: ScriptedSource(.success(.equity(1))),
            redis: RedisConfiguration(url: "redis://localhost"),
            registry: registry, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            clocks: clocks)
        clock.withLock { $0 = Timestamp(seconds: 1_090) }
        #expect(String(decoding: registry.exposition(), as: UTF8.self).contains("portfolio_state_age_seconds 90\n"))
    }

    @Test("stops gracefully in the middle of a read without counting a failure")
    func graceful() async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.faults = [.slow] }
            let redis = try RedisFixture()
            let registry = MetricRegistry()
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let settings = PortfolioStateSettings(source: .binance(exchange.settings))
            let configuration = try RedisConfiguration(url: redis.server.url)
            let updater = try PortfolioStateUpdater(
                settings: settings, source: settings.makeSource(redis: configuration, logger: logger),
                redis: configuration, registry: registry,
                logger: logger)
            let group = ServiceGroup(services: [updater], logger: logger)
            async let running: Void = group.run()
            try await eventually("the request") { exchange.state.withLock { $0.accountRequests } == 1 }
            let start = ContinuousClock.now
            await group.triggerGracefulShutdown()
            try await running
            #expect(ContinuousClock.now - start < .seconds(8))
            let text = String(decoding: registry.exposition(), as: UTF8.self)
            #expect(
                !text.split(separator: "\n").contains {
                    $0.hasPrefix("portfolio_state_failures_total") && !$0.hasSuffix(" 0")
                })
        }
    }

    @Test("writes the state of an account at the exchange and logs no secrets")
    func endToEnd() async throws {
        try await FakeExchange.serving { exchange in
            let log = LogRecorder()
            exchange.state.withLock { $0.faults = [.answer(500, body: FakeExchange.secret), .truncated] }
            let running = try Running(BinanceAccountSource(settings: exchange.settings, logger: log.logger))
            try await eventually("a write") { running.metric("portfolio_state_writes_total") ?? 0 >= 2 }
            await running.stop()
            let state = try running.redis.hash("quantum:state:portfolio")
            #expect(state["equity_usd"] == "9849.62")
            #expect(state["balance_usd"] == "10000.12")
            #expect(state["unrealized_pnl_usd"] == "-150.50")
            #expect(state["positions_count"] == "2")
            #expect(state["positions_notional_usd"] == "12249.50")
            #expect(state["source"] == "binance_futures")
            #expect(running.failures(.serverError) == 1)
            #expect(running.failures(.connection) == 1)
            for text in [log.text, running.log.text, running.metrics] {
                #expect(
                    !text.contains(FakeExchange.secret) && !text.contains(FakeExchange.key)
                        && !text.contains("signature="))
            }
        }
    }
}

extension PortfolioStateUpdaterTests.Running {
    var metrics: String { String(decoding: registry.exposition(), as: UTF8.self) }
}
