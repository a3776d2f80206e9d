import EmbeddedRedis
import Glibc
import Testing
import TestSupport

@Suite("A private replica set")
struct EmbeddedReplicaSetTests {
    @Test("has a master, a replica and sentinels that know of both, and leaves nothing behind")
    func serves() throws {
        let set = try EmbeddedReplicaSet(sentinels: 1)
        let ports = set.ports + set.sentinelPorts
        #expect(Set(ports).count == 3)
        #expect(set.url == "sentinel://127.0.0.1:\(ports[2])/mymaster")
        #expect(try ask("INFO replication", at: set.servers[0].socketPath).contains("role:master"))
        #expect(try ask("INFO replication", at: set.servers[1].socketPath).contains("master_link_status:up"))
        let answer = try ask("SENTINEL GET-MASTER-ADDR-BY-NAME mymaster", at: set.sentinels[0].socketPath)
        #expect(answer.contains("\r\n\(ports[0])\r\n"))
        let processes = (set.servers + set.sentinels).map(\.processIdentifier)
        #expect(processes.allSatisfy { $0 > 0 })
        set.stop()
        #expect(processes.allSatisfy { kill($0, 0) == -1 && errno == ESRCH })
    }

    @Test("promotes the replica of a killed master; a sentinel that is restarted remembers it")
    func promotes() async throws {
        let set = try EmbeddedReplicaSet(sentinels: 1)
        defer { set.stop() }
        set.servers[0].kill()
        let sentinel = set.sentinels[0]
        func names(_ port: Int) -> Bool {
            (try? ask("SENTINEL GET-MASTER-ADDR-BY-NAME mymaster", at: sentinel.socketPath))?.contains(
                "\r\n\(port)\r\n") == true
        }
        try await eventually("the promotion") { names(set.ports[1]) }
        #expect(try ask("INFO replication", at: set.servers[1].socketPath).contains("role:master"))
        try await eventually("the end of the failover") {
            (try? ask("SENTINEL MASTER mymaster", at: sentinel.socketPath))?.contains("failover-state") == false
        }
        sentinel.kill()
        try sentinel.restart()
        #expect(names(set.ports[1]))
    }

    @Test("takes the configuration lines it is given, and tells what is wrong with one")
    func lines() throws {
        let ports = try freeLoopbackPorts(2)
        let sentinel = try EmbeddedRedisServer.sentinel(
            port: ports[0], watching: "m", at: ports[1], extraLines: ["requirepass secret"])
        defer { sentinel.stop() }
        #expect(try ask("PING", at: sentinel.socketPath).hasPrefix("-NOAUTH"))
        let error = #expect(throws: EmbeddedRedisError.self) {
            try EmbeddedRedisServer.sentinel(
                port: ports[1], watching: "m", at: ports[0], extraLines: ["no-such-option 1"])
        }
        #expect(error?.message.contains("no-such-option") == true)
    }
}
