import Foundation
import Testing
import TestSupport

@Suite("Idle admin connections", .serialized)
struct IdleConnectionsTests {
    @Test("more of them than the process may have descriptors, and a lost session: plans are decided")
    func descriptors() async throws {
        let redis = try RedisFixture()
        try redis.send(FaultDeployment.budget("BTCUSDT", "500"))
        try redis.send(FaultDeployment.flat("BTCUSDT"))
        let deployment = try FaultDeployment(redis: "url: \"\(redis.server.url)\"")
        let port = try freePort()
        let host = try deployment.startHost(descriptors: 128, metricsPort: port)
        defer { host.crash() }
        try redis.publish(FaultDeployment.plans(0..<1), to: RedisFixture.planStream)
        try await redis.waitForDecisions(1)
        let idle = try (0..<250).map { _ in try RawConnection(port: port) }
        try await eventually("the limit of connections") { idle.contains(where: \.isClosed) }
        try redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        try redis.publish(FaultDeployment.plans(1..<2), to: RedisFixture.planStream)
        try await redis.waitForDecisions(2)
        withExtendedLifetime(idle) {}
    }
}
