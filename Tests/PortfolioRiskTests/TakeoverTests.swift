import Foundation
import TestSupport
import Testing

@testable import PortfolioRisk

/// `TAKEOVER_KILLS=200` makes the long run.
private let killCount = ProcessInfo.processInfo.environment["TAKEOVER_KILLS"].flatMap { Int($0) } ?? 12

@Suite("A takeover", .serialized)
struct TakeoverTests {
    private static let symbols = (0..<20).map { "S\($0)USDT" }
    private static let lease = 0.3

    @Test("after kill -9 keeps the last acknowledged mode in every budget, and leaves no longer gap than the takeover")
    func kills() async throws {
        let redis = try RedisFixture()
        try publishState(redis)
        var instances = [try await Instance.start(redis), try await Instance.start(redis)]
        try await eventually("budgets") { try cycle(redis) != nil }
        var wanted = "shadow"
        var (longest, previous): (Duration, String?) = (.zero, nil)
        for round in 0..<killCount {
            let holder = try redis.hash(LeaseScript.key)["holder"] ?? ""
            let index = try #require(instances.firstIndex { holder.contains(":\($0.process)-") })
            // One change through the holder or the other, then the kill, at once or a little later.
            wanted = wanted == "shadow" ? "enforce" : "shadow"
            let through = instances[round % 2]
            let answer = try await through.setMode(wanted)
            #expect(answer.contains(#""applied":true"#), "\(answer)")
            try checkModes(redis, wanted)
            try publishState(redis)
            previous = try cycle(redis)
            if round % 3 == 0 { try await Task.sleep(for: .milliseconds(round * 7 % 100)) }
            instances[index].crash()
            let start = ContinuousClock.now
            let other = instances[1 - index]
            if round % 4 == 1 {
                // Another change while nobody holds the lease.
                wanted = wanted == "shadow" ? "enforce" : "shadow"
                #expect(try await other.setMode(wanted).contains(#""applied":true"#))
            }
            let epoch = previous?.split(separator: ".").first
            try await eventually("a cycle of the other instance") {
                try checkModes(redis, wanted)
                return try cycle(redis)?.split(separator: ".").first != epoch
            }
            longest = max(longest, ContinuousClock.now - start)
            instances[index] = try await Instance.start(redis)
            try checkModes(redis, wanted)
        }
        // The lease's length, a third for the look at it, and the machine's own delays.
        #expect(longest < .seconds(Self.lease * 4 / 3 + 1), "the longest gap was \(longest)")
        for instance in instances { instance.crash() }
    }

    /// The cycle of all budgets: they must be of one.
    private func cycle(_ redis: RedisFixture) throws -> String? {
        let script = """
            local r = {} for i = 0, 19 do r[#r + 1] = redis.call('HGET', 'quantum:portfolio:budget:S' .. i .. 'USDT', \
            'cycle') or '' end return r
            """
        let cycles = Set(try redis.command("EVAL", script, "0").elements.compactMap(\.text))
        #expect(cycles.count == 1, "\(cycles)")
        return cycles.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func checkModes(_ redis: RedisFixture, _ wanted: String) throws {
        for symbol in Self.symbols {
            #expect(try redis.hash(BudgetRecord.keyPrefix + symbol)["mode"] == wanted)
        }
    }

    private func publishState(_ redis: RedisFixture) throws {
        let now = Int(Date().timeIntervalSince1970)
        try redis.command("HSET", "quantum:state:portfolio", "equity_usd", "100000", "timestamp", "\(now)")
    }

    private struct Instance {
        let port: Int
        private let command: Command
        var process: Int32 { command.process.processIdentifier }

        /// Another program may take a free port first; the instance then ends, and another is started.
        static func start(_ redis: RedisFixture) async throws -> Instance {
            for _ in 0..<3 {
                let instance = try Instance(redis)
                try await eventually("health or the end", within: 60) {
                    guard instance.command.process.isRunning else { return true }
                    return (try? await ServiceFixture.send(.GET, "/health", port: instance.port).status) == 200
                }
                if instance.command.process.isRunning { return instance }
            }
            throw FixtureError.timeout("an instance")
        }

        private init(_ redis: RedisFixture) throws {
            port = try freePort()
            command = try Command(
                ["run"],
                [
                    "REDIS_URL": redis.server.url, "PORT": "\(port)", "P28_ADMIN_TOKEN": ServiceFixture.token,
                    "P28_LEASE_SEC": "\(TakeoverTests.lease)", "BUDGET_COMPUTE_INTERVAL_SEC": "0.1",
                    "SYMBOL_UNIVERSE": TakeoverTests.symbols.joined(separator: ","), "LOG_LEVEL": "critical",
                ])
        }

        func setMode(_ mode: String) async throws -> String {
            try await ServiceFixture.send(
                .POST, "/mode", #"{"mode":"\#(mode)"}"#, "Bearer \(ServiceFixture.token)", port: port
            ).body
        }

        func crash() {
            kill(process, SIGKILL)
            command.process.waitUntilExit()
        }
    }
}
