import GateAPI
import GateHost
import Redis
import Testing
import TestSupport

/// What a producer can do with the right to XADD alone.
@Suite("One producer", .serialized)
struct ProducerTests {
    private static let stream = RedisFixture.planStream
    private let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
    }

    private func host(_ intake: String = "") throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: alpha, mode: enforce }", url: redis.server.url,
                sections: "intake: { claim_interval: 100ms\(intake) }"))
    }

    private func add(_ planID: String, id: String = "*", _ options: String...) throws {
        try redis.send(
            ["XADD", Self.stream] + options + [id] + Plans.open(planID).flatMap { [$0.name, $0.value] })
    }

    private func ahead(_ host: HostFixture) -> Double? {
        host.metrics.firstMatch(of: /\ngatehost_stream_ahead_seconds{stream="quantum:stream:apply.plan"} (\S+)/)
            .flatMap { Double($0.1) }
    }

    private static let highest = "18446744073709551615-18446744073709551615"

    @Test(
        "K8: a last id ahead of the clock is seen, delivered or not, and the repair of OPERATING.md ends it",
        arguments: ["4102444800000-0", highest], [[], ["MAXLEN", "0"]])
    func ahead(id: String, options: [String]) async throws {
        let host = try host()
        try await eventually("ready") { host.status.current == .ready }
        try add("before")
        try await redis.waitForDecisions(1)
        try redis.send(
            ["XADD", Self.stream] + options + [id] + Plans.open("ahead").flatMap { [$0.name, $0.value] })
        try await redis.waitForDecisions(options.isEmpty ? 2 : 1)
        try await eventually("the lead") { !host.status.leads.isEmpty }
        let lead = try #require(host.status.leads.first)
        #expect(lead.stream == Self.stream)
        #expect("\(lead.lastID)" == id)
        #expect(lead.isExhausted == (id == Self.highest))
        #expect(ahead(host).map { $0 > 1_000_000 } == true)
        if id == Self.highest {
            #expect(throws: (any Error).self) { try add("refused") }
        }
        // The next second, because the entry before may be of this one.
        let seconds = try #require(try redis.command("TIME").element(0)?.text.flatMap { Int($0) })
        let now = "\(seconds + 1)000-0"
        try redis.command("XDEL", Self.stream, id)
        try redis.command("XSETID", Self.stream, now)
        try redis.command("XGROUP", "SETID", Self.stream, "governor", now)
        try add("after")
        try await eventually("the plan after it") { try redis.outcomes()["after"] == "permit" }
        try await eventually("the end of the lead") { host.status.leads.isEmpty }
        #expect(ahead(host).map { $0 < 60 } == true)
        await host.stop()
    }

    @Test("a new stream in the place of one whose ids were ahead is read from its beginning")
    func renewed() async throws {
        let host = try host()
        try await eventually("ready") { host.status.current == .ready }
        try add("ahead", id: Self.highest)
        try await redis.waitForDecisions(1)
        try redis.command("RENAME", Self.stream, Self.stream + ".old")
        try add("after")
        try await eventually("the plan after it") { try redis.outcomes()["after"] == "permit" }
        await host.stop()
    }

    @Test("K8: a plan that names another source than its stream's goes to the dead letters, and takes no plan id")
    func sources() async throws {
        let host = try host(", streams: [plans:a, plans:b], sources: [intent_bridge, any]")
        try redis.publish(
            [
                Plans.open("own"), Plans.fullClose("unnamed"),
                Plans.open("foreign").map { $0.name == "source" ? ("source", "other") : $0 },
                Plans.open("twice") + [("source", "other")],
            ], to: "plans:a")
        try await redis.waitForDecisions(4)
        try redis.publish([Plans.open("foreign").map { $0.name == "source" ? ("source", "other") : $0 }], to: "plans:b")
        try await redis.waitForDecisions(5)
        await host.stop()
        let records = try redis.entries(RedisFixture.decisionStream)
        #expect(
            records.prefix(4).map { $0["reason"] } == [
                "all_gates_passed", "all_gates_passed", "foreign_source", "foreign_source",
            ])
        #expect(records.last?["outcome"] == "permit")
        #expect(try redis.command("EXISTS", "quantum:permit:twice", "quantum:governor:block:twice").integer == 0)
        #expect(try redis.entries("quantum:stream:apply.plan.dead").map { $0["_plan_id"] } == ["foreign", "twice"])
    }

    @Test(
        "sources that do not fit the streams are refused with file, line and column",
        arguments: [
            ("{ streams: [a, b], sources: [x] }", "1 for 2"), ("{ sources: [x, y] }", "2 for 1"),
            ("{ streams: [a, b], sources: [x, 'y z'] }", "sources"),
        ])
    func refused(section: String, complaint: String) throws {
        do {
            _ = try TestConfiguration.make("  - { gate: alpha, mode: enforce }", sections: "intake: \(section)")
            Issue.record("\(section) was accepted")
        } catch {
            let said = "\(error)"
            #expect(said.contains("test.yaml:2:") && said.contains(complaint), "\(said)")
        }
    }
}
