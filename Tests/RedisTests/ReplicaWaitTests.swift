import EmbeddedRedis
import Glibc
import Redis
import Testing

@Suite("A wait for replicas")
struct ReplicaWaitTests {
    private func write(_ connection: RedisConnection, _ wait: ReplicaWait) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add("SET", "k", "v")
        pipeline.add(wait)
        return try #require(try connection.send(pipeline, extraTimeout: wait.timeout).last)
    }

    @Test("is satisfied by enough replicas that acknowledge the write, and ends at its timeout otherwise")
    func waits() throws {
        let set = try EmbeddedReplicaSet()
        defer { set.stop() }
        let connection = try RedisConnection(RedisConfiguration(url: set.url))
        let one = ReplicaWait(count: 1, timeout: .seconds(10))
        #expect(one.isSatisfied(by: try write(connection, one)))
        let two = ReplicaWait(count: 2, timeout: .milliseconds(50))
        #expect(!two.isSatisfied(by: try write(connection, two)))

        let replica = set.servers[1].processIdentifier
        kill(replica, SIGSTOP)
        defer { kill(replica, SIGCONT) }
        // Longer than the connection's command timeout.
        let silent = ReplicaWait(count: 1, timeout: .milliseconds(2_500))
        let reply = try write(connection, silent)
        #expect(reply.integer == 0)
        #expect(!silent.isSatisfied(by: reply))
        #expect(connection.isUsable)
    }

    static let odd: [(count: Int, timeout: Duration, words: String)] = [
        (0, .zero, "1 1"), (-1, .seconds(-1), "1 1"), (3, .seconds(Int64.max), "3 86400000"),
        (2, .microseconds(1_999), "2 1"),
    ]

    @Test("asks for at least one replica and never waits for ever", arguments: odd)
    func bounds(count: Int, timeout: Duration, words: String) throws {
        let wait = ReplicaWait(count: count, timeout: timeout)
        var pipeline = RedisPipeline()
        pipeline.add(wait)
        let peer = try ScriptedPeer { command in command.first == "WAIT" ? "-ERR no\r\n" : "+PONG\r\n" }
        let reply = try #require(
            try RedisConnection(RedisConfiguration(url: "redis://127.0.0.1:\(peer.port)")).send(pipeline).first)
        #expect(peer.commands.last?.dropFirst().joined(separator: " ") == words)
        #expect(!wait.isSatisfied(by: reply))
    }
}
