import Foundation
import Glibc
import Redis
import Testing
import TestSupport

@Suite("gatehost demo")
struct DemoTests {
    /// A folder of the demo's own for its temporary files, so that what it leaves can be seen.
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func leftovers() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

    @Test("shows both worlds and ends by itself, leaving nothing behind")
    func ends() async throws {
        let result = try await HostProcess(["demo", "--rate", "2000"], environment: ["TMPDIR": folder.path]).finish()
        #expect(result.status == 0)
        #expect(result.errors == "")
        let table = result.output.suffix(2_000)
        for row in [
            "allowed", "would block", "blocked", "amended", "dead-lettered", "latency p50", "latency p99",
            "failed open, p28-budget: input_unavailable",
        ] {
            #expect(table.contains(row), "\(row)")
        }
        let counts = try #require(table.firstMatch(of: /blocked +([0-9]+) +([0-9]+)/))
        #expect(Int(counts.1) == 1)
        #expect((Int(counts.2) ?? 0) > 20)
        #expect(!result.output.contains("\u{1B}"))
        #expect(try leftovers() == [])
    }

    @Test("ends cleanly on Ctrl-C, at its start or in the middle", arguments: [0, 10])
    func interrupted(after plans: Int) async throws {
        let demo = try HostProcess(["demo", "--rate", "20"], environment: ["TMPDIR": folder.path])
        try await eventually("a private Redis with \(plans) plans") {
            guard let socket = try leftovers().first.map({ "\(folder.path)/\($0)/redis.sock" }) else { return false }
            guard plans > 0 else { return true }
            guard let connection = try? RedisConnection(RedisConfiguration(url: "unix://\(socket)")) else {
                return false
            }
            defer { connection.close() }
            return try connection.command("XLEN", "quantum:stream:apply.plan").integer ?? 0 >= plans
        }
        demo.signal(SIGINT)
        let result = try await demo.finish(within: 20)
        if plans > 0 {
            #expect(result.status == 0)
            #expect(result.output.hasSuffix("stopped\n"))
        }
        try await eventually("nothing is left") { try leftovers() == [] }
    }

    @Test("refuses a database that is not empty")
    func notEmpty() async throws {
        let redis = try RedisFixture()
        try redis.command("SET", "theirs", "1")
        let result = try await HostProcess(["demo"], environment: ["REDIS_URL": redis.server.url]).finish()
        #expect(result.status == 64)
        #expect(result.errors.contains("is not empty"))
        #expect(try redis.command("DBSIZE").integer == 1)
    }
}
