import EmbeddedRedis
import Foundation
import GateHost
import Redis
import Platform
import Testing
import TestSupport
import TradingState

/// A master with a replica and Sentinels, hosts that know only the Sentinels, and the books to check on the last
/// master.
final class FailoverFixture {
    let set: EmbeddedReplicaSet
    private let folder: TemporaryFolder
    private let configurationPath: String
    private static let stream = "quantum:stream:apply.plan"
    private static let decisions = "quantum:stream:governor.decision"

    init(sentinels: Int = 1) throws {
        set = try EmbeddedReplicaSet(sentinels: sentinels)
        folder = try TemporaryFolder()
        configurationPath = try folder.write(
            """
            redis: { url: "\(set.url)", connect_timeout: 1s, command_timeout: 1s }
            intake: { batch: 32, block: 50ms, claim_after: 1s, claim_interval: 100ms }
            answers: { permit_ttl: 1h, block_ttl: 1h, reservation_ttl: 1h, decision_max_length: 1000000 }
            log: { level: critical }
            gates:
              - { gate: p28-budget, mode: enforce, settings: { max_age: 1h } }
              - { gate: heat, mode: enforce }
            """, to: "gatehost.yaml")
        try command(
            master(), "HSET", "quantum:portfolio:budget:BTCUSDT", "symbol", "BTCUSDT", "budget_usd", "500", "mode",
            "enforce", "timestamp",
            "\(WallClock.now().milliseconds / 1_000)")
    }

    deinit {
        set.stop()
    }

    func startHost() throws -> HostProcess {
        let host = try HostProcess(["run", "--config", configurationPath])
        host.discardOutput()
        return host
    }

    func startGovernor() throws -> HostProcess {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
            "portfolio-risk-governor")
        let environment = [
            "REDIS_URL": set.url, "PORT": "0", "P28_TEST_MODE": "1", "SYMBOL_UNIVERSE": "ETHUSDT",
            "BUDGET_COMPUTE_INTERVAL_SEC": "0.1",
        ]
        let governor = try HostProcess(executable: program, ["run"], environment: environment)
        governor.discardOutput()
        return governor
    }

    /// A connection to the master that the Sentinels name.
    func master() throws -> RedisConnection { try connect(set.url) }

    /// A connection to one server, master or replica. Server 0 is the master at the start.
    func server(_ index: Int) throws -> RedisConnection { try connect(set.servers[index].url) }

    /// Waits until the Sentinels name this server as the master.
    func promoted(_ index: Int) async throws -> RedisConnection {
        let address = RedisConfiguration.Address.tcp(host: "127.0.0.1", port: set.ports[index])
        var connection: RedisConnection?
        try await eventually("the promotion of server \(index)") {
            connection = try? master()
            return connection?.server.address == address
        }
        return try #require(connection)
    }

    private func connect(_ url: String) throws -> RedisConnection {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(10)
        return try RedisConnection(configuration)
    }

    @discardableResult
    func command(_ connection: RedisConnection, _ arguments: String...) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        let reply = try #require(try connection.send(pipeline).first)
        if let error = reply.error { throw error }
        return reply
    }

    /// Publishes plans of 100 to 900 USD against a budget of 500 USD, and waits until the replica has them too.
    func publish(_ range: Range<Int>, to master: RedisConnection, isReplicated: Bool = true) throws {
        var pipeline = RedisPipeline()
        for number in range {
            let plan = Plans.open("plan-\(number)", quantity: "0.0\(number % 20 + 1)", price: "10000")
            pipeline.add(["XADD", Self.stream, "*"] + plan.flatMap { [$0.name, $0.value] })
        }
        if isReplicated { pipeline.add(ReplicaWait(count: 1, timeout: .seconds(20))) }
        let replies = try master.send(pipeline, extraTimeout: .seconds(20))
        #expect(replies.allSatisfy { $0.error == nil })
        if isReplicated { #expect(replies.last?.integer == 1) }
    }

    func decisionCount(_ connection: RedisConnection) throws -> Int {
        try command(connection, "XLEN", Self.decisions).integer ?? 0
    }

    func decided(_ count: Int, on connection: RedisConnection) async throws {
        try await eventually("\(count) decisions", within: 60) { try decisionCount(connection) >= count }
    }

    /// Waits until no host is connected. The Sentinels' connections have names; the test's own has none.
    func hostsLeft(_ connection: RedisConnection) async throws {
        try await eventually("the hosts to leave") {
            let clients = try command(connection, "CLIENT", "LIST", "TYPE", "normal").text ?? ""
            return clients.split(separator: "\n").count { $0.contains(" name= ") } <= 1
        }
    }
}
