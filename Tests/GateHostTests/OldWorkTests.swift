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
    private let batch = 64

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
                sections: "intake: { consumer: me, batch: \(batch), claim_after: 1s, claim_interval: 100ms }"))
    }

    private var pending: Int {
        get throws { try redis.command("XPENDING", Self.stream, Self.group).element(0)?.integer ?? 0 }
    }

    @Test(
        "a new plan, a close too, does not wait for the entries of a dead consumer, nor for those of an earlier life",
        arguments: ["dead", "me"])
    func fresh(_ consumer: String) async throws {
        try leave(backlog, with: consumer)
        // From then on they may be claimed.
        try await eventually("entries that are idle for a second") {
            try redis.command(
                "XPENDING", Self.stream, Self.group, "IDLE", "1000", "-", "+", String(backlog)
            ).count == backlog
        }
        let host = try startHost()
        // Old work is under way.
        try await eventually("old work") { try pending < backlog }
        for number in 0..<3 {
            let plan = "fresh-\(number)"
            let last =
                try redis.command("XREVRANGE", RedisFixture.decisionStream, "+", "-", "COUNT", "1")
                .element(0)?.element(0)?.text ?? "0"
            try redis.publish([Plans.fullClose(plan, "ETHUSDT")], to: Self.stream)
            try await eventually("the fresh plan") {
                try redis.command("EXISTS", "quantum:permit:\(plan)").integer == 1
            }
            try #require(try pending > 0, "the old work ended too early to tell anything")
            // Counted in decisions, not in time: the machine may be slow.
            let decided = try redis.command("XRANGE", RedisFixture.decisionStream, "(\(last)", "+", "COUNT", "1000")
            let place = decided.elements.map { $0.element(1).map(RedisFixture.dictionary)?["plan_id"] }
                .firstIndex(of: plan)
            #expect(try #require(place) <= 4 * batch)
        }
        #expect(host.status.current == .ready)
        await host.stop()
    }
}
