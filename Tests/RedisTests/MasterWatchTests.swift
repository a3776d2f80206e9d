import EmbeddedRedis
import Foundation
import Synchronization
import Testing

@testable import Redis

@Suite("A connection that sentinels made")
final class MasterWatchTests: Sendable {
    let server: EmbeddedRedisServer
    let port: Int
    private static let message = ScriptedPeer.array(["message", "+switch-master", "m 127.0.0.1 1 127.0.0.1 2"])

    init() throws {
        port = try freePort()
        server = try EmbeddedRedisServer(extraArguments: ["--port", "\(port)", "--bind", "127.0.0.1"])
    }

    deinit {
        server.stop()
    }

    private func connect(_ sentinels: ScriptedPeer...) throws -> RedisConnection {
        try RedisConnection(
            RedisConfiguration(url: "sentinel://\(sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ","))/m"))
    }

    /// Sends until it fails or the time is over.
    private func failure(of connection: RedisConnection, within time: Duration = .seconds(10)) throws -> RedisError? {
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            do throws(RedisError) {
                _ = try connection.command("PING")
            } catch {
                return error
            }
        }
        return nil
    }

    private func questions(_ peer: ScriptedPeer) -> Int { peer.commands.count { $0 == ["SENTINEL", "MASTER", "m"] } }

    @Test("ends when a sentinel says that another server is the master, before anything more is sent to the old one")
    func switched() throws {
        let named = Mutex<Int?>(port)
        let sentinel = try ScriptedPeer.sentinel(naming: named.withLock { $0 }, epoch: 1)
        let connection = try connect(sentinel)
        #expect(try failure(of: connection, within: .milliseconds(50)) == nil)
        named.withLock { $0 = 7_777 }
        sentinel.push(Self.message)
        let error = try failure(of: connection)
        let expected =
            "Redis at redis://127.0.0.1:\(port)/0 is not the master any more: the sentinels name redis://127.0.0.1:7777/0"
        #expect(error?.message == expected)
        #expect(error?.code == .connectionClosed)
        #expect(error?.isRetryable == true)
        #expect(!connection.isUsable)
    }

    @Test("goes on when a sentinel tells of something else, is restarted, or does not answer any more")
    func unconcerned() throws {
        let talking = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        let steady = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        let connection = try connect(talking, steady)
        talking.push(Self.message)
        #expect(try failure(of: connection, within: .milliseconds(150)) == nil)
        #expect(questions(steady) == 2)
        talking.hangUp()
        #expect(try failure(of: connection, within: .milliseconds(150)) == nil)
        #expect(questions(steady) == 3)
        #expect(questions(talking) == 3)
        for sentinel in [talking, steady] {
            sentinel.refuse()
            sentinel.hangUp()
        }
        #expect(try failure(of: connection, within: .milliseconds(150)) == nil)
        #expect(connection.isUsable)
    }

    @Test("asks a sentinel that never stops talking not more often than every 100 ms")
    func chatter() throws {
        let sentinel = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        let connection = try connect(sentinel)
        let start = ContinuousClock.now
        while questions(sentinel) < 4 {
            sentinel.push(Self.message)
            _ = try connection.command("PING")
        }
        #expect(ContinuousClock.now - start >= MasterWatch.shortestInterval * 3)
    }

    @Test("is made also where the sentinel lets nobody listen")
    func deaf() throws {
        let sentinel = try ScriptedPeer.sentinel(naming: self.port, epoch: 1, listening: false)
        #expect(try connect(sentinel).command("PING").text == "PONG")
    }

    @Test("leaves no socket behind, whether it is closed or forgotten")
    func sockets() throws {
        let sentinel = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        let before = try descriptors()
        for number in 0..<200 {
            let connection = try connect(sentinel)
            if number.isMultiple(of: 2) { connection.close() }
        }
        // The peer's ends of the last ones may still be open.
        #expect(try descriptors() < before + 100)
    }
}
