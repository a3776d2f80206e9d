import Foundation
import GateAPI
import GateHost
import Glibc
import Testing
import TestSupport

@Suite("No double spending", .serialized)
struct DoubleSpendTests {
    /// Set `GATEHOST_SPEND_ROUNDS=4000` for a long run.
    private static let rounds =
        ProcessInfo.processInfo.environment["GATEHOST_SPEND_ROUNDS"].flatMap { Int($0) } ?? 1_000
    private static let intents = 64
    private static let roundsAtOnce = 50

    @Test(
        "64 concurrent intents a symbol, 4 hosts, random kills: no budget is exceeded; a released one is spent again"
    )
    func spend() async throws {
        let fixture = try FaultFixture()
        var generator = SeededGenerator(seed: 0x5EED)
        var hosts = try (0..<4).map { _ in try fixture.startHost() }
        defer { for host in hosts { host.crash() } }
        var kills = 0
        var decided = 0
        for batch in 0..<(Self.rounds / Self.roundsAtOnce) {
            // Each round has a symbol of its own, so that many rounds run side by side. The budget is 1,000 USD, the
            // intents are 150 to 290 USD.
            let symbols = (0..<Self.roundsAtOnce).map { "S\(batch)X\($0)" }
            for symbol in symbols { try fixture.seedBudget(symbol, "1000") }
            var plans: [Plans.Pairs] = []
            for index in 0..<Self.intents {
                for symbol in symbols {
                    plans.append(
                        Plans.open("\(symbol)-\(index)", symbol, quantity: "0.0\(15 + index % 15)", price: "10000"))
                }
            }
            try fixture.redis.publish(plans, to: fixture.stream)
            let victim = Int.random(in: 0..<4, using: &generator)
            try await eventually("work under way") { try fixture.decisionCount() > decided + 100 }
            hosts[victim].crash()
            kills += 1
            hosts[victim] = try fixture.startHost()
            decided += plans.count
            try await eventually("\(decided) decisions", within: 60) { try fixture.decisionCount() >= decided }
            try fixture.checkSpending(symbols, budget: 1_000, intents: Self.intents)
        }
        print("double-spend rounds: \(Self.rounds), intents: \(decided), kills: \(kills)")

        // After its plans are reported as not executed, the budget can be spent again.
        let symbol = "S\(Self.rounds / Self.roundsAtOnce - 1)X0"
        for plan in try fixture.permittedPlans(symbol) {
            try fixture.redis.command(
                "XADD", "quantum:stream:apply.result", "*", "plan_id", plan, "symbol", symbol, "executed", "false")
        }
        try await eventually("release") {
            try fixture.redis.totals(of: "quantum:governor:account:position:\(symbol)") == ""
        }
        try fixture.redis.publish([Plans.open("again", symbol, quantity: "0.1", price: "10000")], to: fixture.stream)
        try await eventually("a decision") { try fixture.decisionCount() > decided }
        #expect(try fixture.permittedPlans(symbol).contains("again"))
    }
}
