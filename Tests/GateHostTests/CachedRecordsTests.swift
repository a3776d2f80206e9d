import Foundation
import GateAPI
import GateHost
import P28Budget
import Redis
import Platform
import Testing
import TestSupport
import TradingState

/// A cached record is never older than the record in Redis at the moment of the entry's delivery.
@Suite("Cached records")
struct CachedRecordsTests {
    private static let stream = "quantum:stream:apply.plan"
    private static let decisions = "quantum:stream:governor.decision"
    private static let budget = "quantum:portfolio:budget:BTCUSDT"
    private let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
    }

    private func host(caches: Bool = true, reserve: Bool = false) throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce, settings: { reserve: \(reserve) } }", types: [P28Budget.self],
                url: redis.server.url,
                sections: "intake: { cache_records: \(caches), batch: 32, claim_interval: 100ms }"))
    }

    private func decided(_ count: Int) async throws {
        try await eventually("\(count) decisions") { try redis.command("XLEN", Self.decisions).integer ?? 0 >= count }
    }

    private func isCaching(_ host: HostFixture, _ expected: Bool = true) async throws {
        try await eventually("caching: \(expected)") {
            host.metrics.contains("gatehost_records_cached{stream=\"\(Self.stream)\"} \(expected ? 1 : 0)")
        }
    }

    private static func write(budget version: Int, into pipeline: inout RedisPipeline) {
        pipeline.add(
            "HSET", budget, "budget_usd", "\(1_000_000 + version)", "mode", "enforce", "timestamp",
            "\(WallClock.now().milliseconds / 1_000)")
    }

    private static func publish(_ plan: Int, into pipeline: inout RedisPipeline) {
        pipeline.add(
            ["XADD", stream, "*"]
                + Plans.open("plan-\(plan)", quantity: "0.001", price: "1000").flatMap { [$0.name, $0.value] })
    }

    /// The version of the budget that each plan was judged by.
    private func versions() throws -> [Int: Int] {
        var versions: [Int: Int] = [:]
        for record in try redis.entries(Self.decisions) {
            let gates = try #require(
                try JSONSerialization.jsonObject(with: Data((record["gates"] ?? "").utf8)) as? [[String: Any]])
            let evidence = gates.first?["evidence"] as? [String: Any]
            let plan = try #require(record["plan_id"].flatMap { Int($0.dropFirst("plan-".count)) })
            versions[plan] = try #require(evidence?["budget_usd"] as? Int) - 1_000_000
        }
        return versions
    }

    @Test(
        "a decision never misses a budget that was written before its plan over the same connection",
        arguments: [(caches: true, cuts: false), (caches: false, cuts: false), (caches: true, cuts: true)])
    func neverMissed(caches: Bool, cuts: Bool) async throws {
        let host = try host(caches: caches)
        try await isCaching(host, caches)
        var generator = SeededGenerator(seed: 20_261_122)
        let count = 3_000
        var next = 0
        while next < count {
            // Plans are published one by one and in bursts, each right behind a new budget.
            var pipeline = RedisPipeline()
            for _ in 0..<Int.random(in: 1...Int.random(in: 1...60, using: &generator), using: &generator)
            where next < count {
                Self.write(budget: next, into: &pipeline)
                Self.publish(next, into: &pipeline)
                next += 1
            }
            for reply in try redis.connection.send(pipeline) { if let error = reply.error { throw error } }
            if cuts, Int.random(in: 0..<20, using: &generator) == 0 {
                try redis.command("CLIENT", "KILL", "TYPE", "pubsub")
            }
            if Int.random(in: 0..<4, using: &generator) == 0 { try await decided(next) }
        }
        try await decided(count)
        await host.stop()
        let versions = try versions()
        #expect(versions.count == count)
        let missed = versions.filter { $0.value < $0.key }
        #expect(missed.isEmpty, "seed 20261122")
    }

    @Test("a record is read once, and again after a change, an expiry and a flush")
    func reads() async throws {
        let host = try host()
        try await isCaching(host)
        var plans = 0
        func decide() async throws -> String? {
            var pipeline = RedisPipeline()
            Self.publish(plans, into: &pipeline)
            _ = try redis.connection.send(pipeline)
            plans += 1
            try await eventually("plan \(plans)") {
                try redis.entries(Self.decisions).contains { $0["plan_id"] == "plan-\(plans - 1)" }
            }
            return try redis.entries(Self.decisions).last { $0["plan_id"] == "plan-\(plans - 1)" }?["failed_open"]
        }
        func reads() throws -> Int {
            let statistics = try redis.command("INFO", "commandstats").text ?? ""
            return statistics.firstMatch(of: /cmdstat_hgetall:calls=([0-9]+)/).flatMap { Int($0.1) } ?? 0
        }
        // The cache keeps the absence of a record too.
        #expect(try await decide() == "p28-budget:input_missing")
        let first = try reads()
        #expect(first > 0)
        #expect(try await decide() == "p28-budget:input_missing")
        #expect(try reads() == first)
        // The record is created.
        var pipeline = RedisPipeline()
        Self.write(budget: 1, into: &pipeline)
        pipeline.add("PEXPIRE", Self.budget, "2000")
        _ = try redis.connection.send(pipeline)
        #expect(try await decide() == nil)
        #expect(try await decide() == nil)
        // The host reads only the changed record again.
        #expect(try reads() == first + 1)
        // The record expires.
        try await eventually("the expiry") { try redis.command("EXISTS", Self.budget).integer == 0 }
        #expect(try await decide() == "p28-budget:input_missing")
        // The key is of another type for a while.
        try redis.command("SET", Self.budget, "text")
        #expect(try await decide() == "p28-budget:input_unavailable")
        try redis.command("DEL", Self.budget)
        pipeline.removeAll()
        Self.write(budget: 2, into: &pipeline)
        _ = try redis.connection.send(pipeline)
        #expect(try await decide() == nil)
        // FLUSHALL invalidates all records.
        try redis.command("FLUSHALL")
        #expect(try await decide() == "p28-budget:input_missing")
        await host.stop()
    }

    @Test("without invalidation messages from the server, the host reads every record for every batch")
    func refused() async throws {
        try redis.command("ACL", "SETUSER", "default", "-client|tracking")
        let host = try host()
        var pipeline = RedisPipeline()
        Self.write(budget: 1, into: &pipeline)
        Self.publish(0, into: &pipeline)
        Self.write(budget: 2, into: &pipeline)
        Self.publish(1, into: &pipeline)
        _ = try redis.connection.send(pipeline)
        try await decided(2)
        try await isCaching(host, false)
        await host.stop()
        #expect(try versions()[1] == 2)
    }
}
