import GateHost
import Platform
import TestSupport
import Testing

@Suite("Old work and new plans", .serialized)
struct OldWorkTests {
    private static let stream = RedisFixture.planStream
    private static let group = "governor"

    private let redis: RedisFixture
    private let backlog = 40_000

    init() throws {
        redis = try RedisFixture()
    }

    /// Leaves entries pending with a consumer that is gone.
    private func leave(_ count: Int, with consumer: String) throws {
        try redis.command("XGROUP", "CREATE", Self.stream, Self.group, "0", "MKSTREAM")
        try redis.publish(
            (0..<count).map { Plans.open("old-\($0)", quantity: "0.001", price: "60000") }, to: Self.stream)
        try redis.command(
            "XREADGROUP", "GROUP", Self.group, consumer, "COUNT", "\(count)", "STREAMS", Self.stream, ">")
    }

    private func startHost() throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: alpha, mode: shadow }", url: redis.server.url,
                sections: "intake: { consumer: me, batch: 64, claim_after: 1s, claim_interval: 100ms }"))
    }

    private var pending: Int {
        get throws { try redis.command("XPENDING", Self.stream, Self.group).element(0)?.integer ?? 0 }
    }

    @Test(
        "a new plan, a close too, does not wait for the entries of a dead consumer, nor for those of an earlier life",
        arguments: ["dead", "me"])
    func fresh(_ consumer: String) async throws {
        try leave(backlog, with: consumer)
        try await Task.sleep(for: .milliseconds(1_100))
        let host = try startHost()
        // Old work is under way.
        try await eventually("old work") { try pending < backlog }
        var longest = Duration.zero
        for number in 0..<3 {
            let plan = "fresh-\(number)"
            let start = ContinuousClock.now
            try redis.publish([Plans.fullClose(plan, "ETHUSDT")], to: Self.stream)
            try await eventually("the fresh plan") {
                try redis.command("EXISTS", "quantum:permit:\(plan)").integer == 1
            }
            longest = max(longest, ContinuousClock.now - start)
            try #require(try pending > 0, "the old work ended too early to tell anything")
        }
        #expect(longest < .seconds(5))
        #expect(host.status.current == .ready)
        await host.stop()
    }
}
