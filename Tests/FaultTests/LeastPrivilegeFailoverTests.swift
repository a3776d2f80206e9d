import Foundation
import Redis
import Testing
import TestSupport

@Suite("Least privilege: replica and Sentinel", .serialized)
struct LeastPrivilegeFailoverTests {
    private static func arguments(port: Int, replicaOf primary: Int? = nil) -> [String] {
        ["--bind", "127.0.0.1", "--port", String(port), "--repl-diskless-sync-delay", "0", "--masteruser", "replica"]
            + ["--masterauth", LeastPrivilegeServer.password(of: "replica")]
            + (primary.map { ["--replicaof", "127.0.0.1 \($0)"] } ?? [])
    }

    private static let sentinelRights =
        "+ping +sentinel|get-master-addr-by-name +sentinel|master +subscribe &+switch-master"

    private static func isLinked(_ client: LeastPrivilegeClient) throws -> Bool {
        try client("INFO", "replication").text?.contains("master_link_status:up") == true
    }

    @Test(
        "Sentinel promotes a replica and the host finds it, each under its own user on the servers and the Sentinel"
    )
    func failover() async throws {
        let ports = (try freePort(), try freePort(), try freePort())
        let primary = try await LeastPrivilegeServer(extraArguments: Self.arguments(port: ports.0))
        let replica = try await LeastPrivilegeServer(extraArguments: Self.arguments(port: ports.1, replicaOf: ports.0))
        let looking = try replica.connect("operator")
        try await eventually("replication") { try Self.isLinked(looking) }

        let password = LeastPrivilegeServer.password(of: "gatehost")
        let configuration = try replica.folder.write(
            """
            port \(ports.2)
            bind 127.0.0.1
            dir \(replica.folder.path)
            user gatehost on >\(password) \(Self.sentinelRights)
            sentinel monitor governor 127.0.0.1 \(ports.0) 1
            sentinel auth-user governor sentinel
            sentinel auth-pass governor \(LeastPrivilegeServer.password(of: "sentinel"))
            sentinel down-after-milliseconds governor 500
            sentinel failover-timeout governor 5000

            """, to: "sentinel.conf")
        let sentinel = try HostProcess(
            executable: URL(filePath: TLSProgram.path("redis-server") ?? "/usr/bin/redis-server"),
            [configuration, "--sentinel"])
        sentinel.discardOutput()
        defer { sentinel.crash() }
        let address = try RedisConfiguration(url: "redis://127.0.0.1:\(ports.2)")
        try await eventually("a Sentinel that knows both") {
            guard let connection = try? RedisConnection(address),
                let state = try connection.command("INFO", "sentinel").text
            else { return false }
            return state.contains("status=ok") && state.contains("slaves=1")
        }
        // Every two seconds Sentinel publishes a hello on both servers.
        let admin = try primary.connect("admin")
        try await eventually("Sentinel's hello") {
            try admin("INFO", "commandstats").text?.contains("cmdstat_publish:") == true
        }
        let deployment = try LeastPrivilegeDeployment(
            replica,
            hostURL: "sentinel://gatehost:\(password)@127.0.0.1:\(ports.2)/governor"
                + "?sentinel_user=gatehost&sentinel_password=\(password)"
        )
        try deployment.startHost()
        try primary.connect("plan-producer").publish(Plans.open("last"))
        try await eventually("the decision on the replica") { try Self.decisions(looking) == 1 }
        #expect(try primary.refusals() == [])

        primary.redis.kill()
        // Sentinel closes all connections of a server that it promotes.
        try await eventually("a new primary") {
            (try? replica.connect("operator")("ROLE"))?.element(0)?.text == "master"
        }
        try replica.connect("plan-producer").publish(Plans.open("next"))
        let lookingAgain = try replica.connect("operator")
        try await eventually("a decision of the new primary") { try Self.decisions(lookingAgain) == 2 }
        #expect(try replica.refusals() == [])
    }

    private static func decisions(_ client: LeastPrivilegeClient) throws -> Int? {
        try client("XLEN", "quantum:stream:governor.decision").integer
    }
}
