import EmbeddedRedis
import Foundation
import GateAPI
import GateHost
import Redis
import Platform
import TestSupport
import TradingState

/// A private Redis, a deployment, its hosts and the plans published to them.
final class Stage {
    let trial: Trial
    let server: EmbeddedRedisServer?
    var connection: RedisConnection
    var deployment: Deployment
    private(set) var published = 0
    private var lastPublication = ContinuousClock.now

    static let stream = "quantum:stream:apply.plan"
    static let decisions = "quantum:stream:governor.decision"
    static let group = "governor"
    static let symbol = "BTCUSDT"
    /// In USD. Plans are of 100 to 900 USD.
    static let budget: Amount = 500

    /// Starts a Redis of its own.
    convenience init(_ trial: Trial, appendOnly: Bool = false) throws {
        let server = try EmbeddedRedisServer(appendOnly: appendOnly)
        try self.init(trial, url: server.url, server: server, connection: Self.connect(server.url))
    }

    /// Uses the server at `url`, which the caller keeps running.
    init(_ trial: Trial, url: String, server: EmbeddedRedisServer? = nil, connection: RedisConnection) throws {
        self.trial = trial
        self.server = server
        self.connection = connection
        deployment = Deployment(url: url)
        try seed(Self.symbol, Self.budget)
        try command("HSET", "quantum:portfolio:heat", "heat", "0.1", "equity_usd", "1000000000", "timestamp", Self.now)
    }

    /// A long command timeout, because the suite reads whole streams on busy machines.
    static func connect(_ url: String) throws -> RedisConnection {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(30)
        return try RedisConnection(configuration)
    }

    func reconnect() throws {
        guard let server else { return }
        connection.close()
        connection = try Self.connect(server.url)
    }

    /// Repairs the append-only file between a crash of Redis and its next start (docs/OPERATING.md). Otherwise Redis
    /// keeps the first half of a torn transaction in its file, and executes that half at the start after next.
    func repairAppendOnlyFile() throws {
        guard let server else { return }
        let manifest = URL(filePath: server.folder).appending(path: "appendonlydir/appendonly.aof.manifest")
        let repair = Process()
        repair.executableURL = URL(filePath: "/usr/bin/env")
        repair.arguments = ["sh", "-c", "yes | redis-check-aof --fix \"$1\"", "sh", manifest.path]
        repair.standardOutput = FileHandle.nullDevice
        repair.standardError = FileHandle.nullDevice
        try repair.run()
        repair.waitUntilExit()
        try expect(repair.terminationStatus == 0, "redis-check-aof failed with \(repair.terminationStatus)")
    }

    private static var now: String { "\(WallClock.now().milliseconds / 1_000)" }

    /// Writes a budget and a flat position: without one, an order over the budget might be a close.
    func seed(_ symbol: String, _ budget: Amount) throws {
        try command("HSET", "quantum:position:snapshot:\(symbol)", "position_amt", "0", "ts_epoch", Self.now)
        try command(
            "HSET", "quantum:portfolio:budget:\(symbol)", "symbol", symbol, "budget_usd", "\(budget)", "mode",
            "enforce", "timestamp", Self.now)
    }

    @discardableResult
    func command(_ arguments: String...) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        guard let reply = try connection.send(pipeline).first else { throw Failure("no reply to \(arguments[0])") }
        if let error = reply.error { throw error }
        return reply
    }
}

// MARK: Hosts

extension Stage {
    /// Starts a host on the present deployment, and waits until it decides.
    func startHost(_ start: HostUnderTest.Start = HostUnderTest.Start(), isReady: Bool = true) throws -> HostUnderTest {
        let number = trial.nextHostNumber
        let file = trial.folder.appending(path: "host-\(number).yaml")
        try deployment.yaml.write(to: file, atomically: true, encoding: .utf8)
        let host = trial.start(
            try HostUnderTest(
                trial.programs.host, deployment: file, log: trial.folder.appending(path: "host-\(number).log"), start))
        if isReady { try host.waitUntilReady() }
        return host
    }
}

// MARK: Plans and decisions

extension Stage {
    private static let page = 500

    /// Publishes `count` plans. `ask` maps a plan's number, counted over the whole trial, to the fault that it asks of
    /// the faulty gate.
    func publish(
        _ count: Int, asking ask: (Int) -> String? = { _ in nil }, symbol: (Int) -> String = { _ in Stage.symbol }
    ) throws {
        for start in stride(from: published, to: published + count, by: Self.page) {
            var pipeline = RedisPipeline()
            let numbers = start..<min(start + Self.page, published + count)
            for number in numbers {
                var plan = Plans.open(
                    "plan-\(number)", symbol(number), quantity: "0.0\(number % 20 + 1)", price: "10000")
                if let ask = ask(number) { plan.append(("ask-faulty", ask)) }
                pipeline.add(["XADD", Self.stream, "*"] + plan.flatMap { [$0.name, $0.value] })
            }
            for reply in try connection.send(pipeline) { if let error = reply.error { throw error } }
        }
        published += count
        lastPublication = .now
    }

    var decided: Int { get throws { try command("XLEN", Self.decisions).integer ?? 0 } }

    /// The number of entries that were delivered to a host and are not decided.
    var pending: Int { get throws { try command("XPENDING", Self.stream, Self.group).element(0)?.integer ?? 0 } }

    /// Waits until `count` entries are decided. No fault may delay them for longer than the limit.
    func waitForDecisions(_ count: Int, upTo limit: Duration = .seconds(30)) throws {
        var last = 0
        try wait(for: "\(count.grouped) decisions; there are \(last.grouped)", upTo: limit, every: .milliseconds(1)) {
            last = try decided
            return last >= count
        }
    }

    /// Publishes plans and waits for their decisions.
    func decide(_ count: Int, asking ask: (Int) -> String? = { _ in nil }) throws {
        try publish(count, asking: ask)
        try waitForDecisions(published)
    }
}

extension Stage {
    /// Waits until a plan has its outcome and nothing is pending. For streams that have lost entries, where counting
    /// fails.
    func waitForOutcome(of number: Int) throws {
        try wait(for: "the outcome of plan-\(number)") {
            try command("EXISTS", "quantum:governor:outcome:plan-\(number)").integer == 1
                && pending == 0
        }
    }
}
