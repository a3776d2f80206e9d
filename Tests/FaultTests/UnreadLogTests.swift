import Foundation
import FoundationNetworking
import Testing
import TestSupport

@Suite("A log that nobody reads", .serialized)
struct UnreadLogTests {
    @Test(
        "stops neither decisions nor health answers nor SIGTERM, with a full pipe and lost connections"
    )
    func fullPipe() async throws {
        let redis = try RedisFixture()
        try redis.send(FaultDeployment.budget("BTCUSDT", "500"))
        try redis.send(FaultDeployment.flat("BTCUSDT"))
        let deployment = try FaultDeployment(redis: "url: \"\(redis.server.url)\"", logLevel: "trace")
        let pipe = Pipe()
        try Self.fill(pipe)
        let port = try freePort()
        let host = try deployment.startHost(log: pipe, metricsPort: port)
        defer { host.crash() }
        try redis.publish(FaultDeployment.plans(0..<1), to: RedisFixture.planStream)
        try await redis.waitForDecisions(1)
        for round in 2...4 {
            try redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            try redis.publish(FaultDeployment.plans(round..<(round + 1)), to: RedisFixture.planStream)
            try await redis.waitForDecisions(round)
        }
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/health/live"))
        let (_, response) = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 5))
        #expect((response as? HTTPURLResponse)?.statusCode == 200)

        host.signal(SIGTERM)
        try await eventually("the host's end", within: 10) { !host.isRunning }
    }

    /// Fills a pipe to its last byte, as one whose reader has stopped reading.
    private static func fill(_ pipe: Pipe) throws {
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(descriptor, F_GETFL)
        #expect(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0)
        for size in [4_096, 1] {
            let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
        #expect(fcntl(descriptor, F_SETFL, flags) == 0)
    }
}
