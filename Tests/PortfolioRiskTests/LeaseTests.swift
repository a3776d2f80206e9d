import Redis
import Telemetry
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The lease")
struct LeaseTests {
    private static let short = ["P28_LEASE_SEC": "0.3"]

    @Test("lets one of two instances write; the other says that it stands by, and takes over at a stop or a death")
    func twoInstances() async throws {
        let first = try await ServiceFixture(Self.short.merging(["P28_MODE": "shadow"]) { $1 })
        try await first.inject("100000")
        try await eventually("a budget") { try !first.budget().isEmpty }
        let holder = try first.redis.hash(LeaseScript.key)["holder"]
        let second = try await ServiceFixture(Self.short.merging(["P28_MODE": "enforce"]) { $1 }, on: first.redis)
        try await eventually("a standby") { try await second.get("/health").body.contains(#""role":"standby""#) }
        for _ in 0..<20 {
            #expect(try first.budget()["mode"] == "shadow")
            #expect(try first.redis.hash(LeaseScript.key)["holder"] == holder)
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(
            try await second.get("/health").body.contains(
                "P28_MODE of this instance is enforce; the mode was decided under shadow"))
        let metrics = try await second.get("/metrics").body
        #expect(metricValue("p28_lease_held", in: metrics) == "0")
        #expect(metricValue(#"p28_disagreement{about="mode_settings"}"#, in: metrics) == "1")
        await first.stop()
        let start = ContinuousClock.now
        try await eventually("the takeover") { try first.redis.hash(LeaseScript.key)["epoch"] == "2" }
        // Released at the stop, so that nobody waits for its end.
        #expect(ContinuousClock.now - start < .seconds(1))
        try await eventually("a cycle of the second") {
            try first.budget()["cycle"]?.hasPrefix("2.") == true
        }
        await second.stop()
    }

    @Test("refuses the cycle of a holder that has lost it")
    func fenced() async throws {
        let settings = try settings(["SYMBOL_UNIVERSE": "AUSDT"])
        let old = try EngineFixture(settings: settings)
        try old.publishState("100000.0")
        try await old.engine.cycle(heat: .positions)
        let new = try EngineFixture(old.redis, settings: settings, clock: old.clock)
        try old.publishState("200000.0")
        let report = try await old.engine.cycle(heat: .positions)
        #expect(report.isFenced && report.written == 0)
        #expect(old.lease.term == nil)
        #expect(old.metric(#"p28_cycles_total{outcome="fenced"}"#) == "1")
        #expect(try old.budget("AUSDT")["equity_usd"] == "100000")
        #expect(try await new.engine.cycle(heat: .positions).written == 1)
        #expect(try old.budget("AUSDT")["cycle"] == "2.1")
    }

    @Test("ends by Redis' clock, and does not last longer than its length after a step back of the clock")
    func clock() throws {
        let redis = try RedisFixture()
        func take(_ holder: String) throws -> LeaseReading {
            var pipeline = RedisPipeline()
            LeaseScript.addTake(holder, for: .seconds(5), to: &pipeline)
            guard let reply = try redis.connection.send(pipeline).first else { throw FixtureError.noReply }
            return try LeaseReading(reply)
        }
        #expect(try take("a") == LeaseReading(term: .init(holder: "a", epoch: 1), isOwn: true, cycleAge: nil))
        #expect(try take("b") == LeaseReading(term: .init(holder: "a", epoch: 1), isOwn: false, cycleAge: nil))
        #expect(try take("a").term.epoch == 1)
        // An hour ahead, as after a step back.
        let until = try redis.hash(LeaseScript.key)["until"].flatMap { Int($0) } ?? 0
        try redis.command("HSET", LeaseScript.key, "until", "\(until + 3_600_000)")
        #expect(try take("b").term == LeaseTerm(holder: "b", epoch: 2))
        try redis.command("HSET", LeaseScript.key, "until", "1")
        #expect(try take("c").term.epoch == 3)
    }

    @Test("has a limit for the age of the last cycle; beyond it health is 503 and says so")
    func overdue() async throws {
        let patient = LeaseControl(length: .seconds(3), interval: .seconds(10))
        #expect(patient.cycleLimit == .seconds(45))
        #expect(!patient.snapshot.isCycleOverdue)

        let redis = try RedisFixture()
        let control = LeaseControl(length: .seconds(3), cycleLimit: .zero)
        let endpoint = HealthEndpoint(
            redis: RequestConnection(try RedisConfiguration(url: redis.server.url)),
            mode: ModeControl(environment: .shadow), lease: control,
            writers: StateWriterWatch(try LeaseMetrics(MetricRegistry()), logger: silentLogger),
            board: CycleBoard(control))
        func detail() async -> String { String(decoding: await endpoint.response().body, as: UTF8.self) }
        #expect(await detail() == #"{"detail":"Unhealthy: no cycle was written; the limit is 0.0 s"}"#)
        control.record(
            LeaseReading(term: .init(holder: "a", epoch: 1), isOwn: true, cycleAge: .seconds(61)))
        #expect(await detail() == #"{"detail":"Unhealthy: the last cycle is 61.0 s old; the limit is 0.0 s"}"#)
        control.recordFailure("away")
        #expect(await detail() == #"{"detail":"Unhealthy: the lease is unknown: away"}"#)
    }

    @Test("is given up by an instance whose cycles fail, so that another may write", .timeLimit(.minutes(2)))
    func givenUp() async throws {
        let redis = try RedisFixture()
        // The search for positions is refused, the lease is not.
        try redis.command("ACL", "SETUSER", "blind", "on", ">secret", "~*", "&*", "+@all", "-scan")
        let blind = try await ServiceFixture(Self.short, on: redis, user: "blind")
        try await blind.inject("100000")
        try await eventually("the lease of the first") { try redis.hash(LeaseScript.key)["epoch"] == "1" }
        let other = try await ServiceFixture(Self.short, on: redis)
        try await eventually("a cycle of the other", within: 40) {
            try await other.inject("100000")
            return try other.budget()["cycle"]?.hasPrefix("2.") == true
        }
        await blind.stop()
        await other.stop()
    }
}
