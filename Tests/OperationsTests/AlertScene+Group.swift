import Platform
import TestSupport

extension AlertScene {
    /// Events of the group, its streams and its Redis.
    static let group: [AlertScene] = [
        AlertScene(alerts: ["GateHostConfigurationsDiffer", "GateHostBuildsDiffer"]) { redis, host in
            // It counts as seen for as long as the test may take.
            let seen = WallClock.now().milliseconds + 600_000
            try redis.command(
                "HSET", "quantum:governor:hosts:governor", "other:7",
                "otherbuild 0123456789abcdef alpha=shadow 1 \(seen)")
            try await shows(host, #"gatehost_group_disagreements{about="configuration"} 1"#)
            try await shows(host, #"gatehost_group_disagreements{about="build"} 1"#)
        },
        clockOff(ahead: 7),
        clockOff(ahead: -7),
        AlertScene(alerts: ["GateHostRedisMayEvict"]) { redis, host in
            try redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            try await shows(host, "gatehost_redis_may_evict 1")
        },
        AlertScene(alerts: ["GateHostEntriesLost"], sections: "intake: { claim_interval: 100ms }") { redis, host in
            try await redis.decide([], host)
            try redis.loseAnEntry()
            try await shows(host, #"gatehost_entries_trimmed_unread_total{stream="\#(RedisFixture.planStream)"} 1"#)
        },
        AlertScene(alerts: ["GateHostStreamAhead"], sections: "intake: { claim_interval: 100ms }") { redis, host in
            let fields = Plans.open("ahead").flatMap { [$0.name, $0.value] }
            try redis.send(["XADD", RedisFixture.planStream, "4102444800000-0"] + fields)
            try await eventually("the lead") { host.metrics.contains(/gatehost_stream_ahead_seconds\{[^}]*\} [1-9]/) }
        },
        AlertScene(alerts: ["GateHostUnknownSymbol"], gates: "  - { gate: p28-budget, mode: enforce }") {
            try await $0.decide([], $1)
            try await shows($1, "gatehost_plans_without_records_total 1")
        },
    ]

    private static func clockOff(ahead seconds: Int64) -> AlertScene {
        AlertScene(alerts: ["GateHostClockOff"]) { _, host in
            host.setClock(ahead: seconds)
            try await eventually("the offset") {
                host.metrics.contains(/gatehost_clock_offset_seconds -?[67]/)
            }
        }
    }
}

extension RedisFixture {
    /// Adds two entries in one step, of which the first is gone before Redis can deliver it.
    fileprivate func loseAnEntry() throws {
        try command("MULTI")
        for plan in ["lost", "kept"] {
            try send(
                ["XADD", Self.planStream, "MAXLEN", "1", "*"] + Plans.open(plan).flatMap { [$0.name, $0.value] })
        }
        try command("EXEC")
    }
}
