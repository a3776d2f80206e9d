import EmbeddedRedis
import Foundation
import GateHost
import Redis
import Testing
import TestSupport
import TradingState

/// A master with a replica and Sentinels, hosts that know only the Sentinels, and the books to check on the last
/// master.
final class FailoverFixture {
    let set: EmbeddedReplicaSet
    private let deployment: FaultDeployment

    init(sentinels: Int = 1) throws {
        set = try EmbeddedReplicaSet(sentinels: sentinels)
        deployment = try FaultDeployment(redis: "url: \"\(set.url)\", connect_timeout: 1s, command_timeout: 1s")
        var pipeline = RedisPipeline()
        pipeline.add(FaultDeployment.budget("BTCUSDT", "500"))
        pipeline.add(FaultDeployment.flat("BTCUSDT"))
        #expect(try master().send(pipeline).allSatisfy { $0.error == nil })
    }

    deinit {
        set.stop()
    }

    func startHost() throws -> HostProcess { try deployment.startHost() }

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

    /// Publishes plans of 100 to 900 USD against a budget of 500 USD, and waits until the replica has them too.
    func publish(_ range: Range<Int>, to master: RedisConnection, isReplicated: Bool = true) throws {
        var pipeline = RedisPipeline()
        for plan in FaultDeployment.plans(range) {
            pipeline.add(["XADD", RedisFixture.planStream, "*"] + plan.flatMap { [$0.name, $0.value] })
        }
        if isReplicated { pipeline.add(ReplicaWait(count: 1, timeout: .seconds(20))) }
        let replies = try master.send(pipeline, extraTimeout: .seconds(20))
        #expect(replies.allSatisfy { $0.error == nil })
        if isReplicated { #expect(replies.last?.integer == 1) }
    }

    func decisionCount(_ connection: RedisConnection) throws -> Int {
        try connection.command("XLEN", RedisFixture.decisionStream).integer ?? 0
    }

    func decided(_ count: Int, on connection: RedisConnection) async throws {
        try await eventually("\(count) decisions", within: 60) { try decisionCount(connection) >= count }
    }

    /// Waits until no host is connected. The Sentinels' connections have names; the test's own has none.
    func hostsLeft(_ connection: RedisConnection) async throws {
        try await eventually("the hosts to leave") {
            let clients = try connection.command("CLIENT", "LIST", "TYPE", "normal").text ?? ""
            return clients.split(separator: "\n").count { $0.contains(" name= ") } <= 1
        }
    }
}
