import Testing
import TestSupport

@Suite("Huge entries", .serialized)
struct HugeEntryTests {
    /// The bound on a host's memory, whatever its stream holds.
    private static let bound = 256 << 20

    @Test(
        "K6: four entries of 200 MB, and 400 of 1 MB, leave a host below 256 MB; so does a host that starts on them")
    func memory() async throws {
        let fixture = try FaultFixture()
        try fixture.publish(0..<10)
        for (count, bytes) in [(4, 200_000_000), (400, 1_000_000)] {
            try fixture.redis.command(
                "EVAL",
                """
                local chunk = string.rep('x', 1000)
                local junk = string.rep(chunk, ARGV[2] / #chunk)
                for n = 1, ARGV[1] do
                  redis.call('XADD', KEYS[1], '*', 'plan_id', 'huge-' .. n, 'junk', junk)
                  if n % 4 == 0 then collectgarbage() end
                end
                return 1
                """, "1", fixture.stream, String(count), String(bytes))
        }
        try fixture.publish(10..<20)
        var host = try fixture.startHost()
        try await eventually("100 decisions", within: 120) { try fixture.decisionCount() > 100 }
        #expect(try #require(host.peakResidentBytes) < Self.bound)
        host.crash()
        host = try fixture.startHost()
        defer { host.crash() }
        try await eventually("424 decisions", within: 240) { try fixture.decisionCount() == 424 }
        #expect(try #require(host.peakResidentBytes) < Self.bound)
        #expect(try fixture.redis.command("XPENDING", fixture.stream, "governor").element(0)?.integer == 0)
    }
}
