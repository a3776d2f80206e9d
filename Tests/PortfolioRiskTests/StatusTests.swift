import Foundation
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The status")
struct StatusTests {
    @Test("shows mode, lease, cycle, state and budgets, and exits with 0 if nothing is wrong")
    func good() async throws {
        let service = try await ServiceFixture(["SYMBOL_UNIVERSE": "AUSDT,BUSDT"])
        try await service.inject("100000")
        try await eventually("budgets") { try !service.budget("BUSDT").isEmpty }
        let environment = ["REDIS_URL": service.redis.server.url]
        let text = try await Command(["status"], environment).finish()
        #expect(text.status == 0, "\(text.errors)\(text.output)")
        #expect(text.output.hasPrefix("mode     shadow, by P28_MODE, "))
        for part in [
            ", epoch 1\n", " s ago, fresh\n", "state    100000 USD, ", "budgets  2 symbols, 3736 USD together",
            "wrong    nothing\n",
        ] { #expect(text.output.contains(part), "\(part) in \(text.output)") }
        let json = try await Command(["status", "--json"], environment).finish()
        let members = try #require(
            JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(members["mode"] as? String == "shadow")
        #expect(members["symbols"] as? Int == 2)
        #expect(members["budget_sum_usd"] as? Int == 3736)
        #expect((members["problems"] as? [String])?.isEmpty == true)
        await service.stop()
    }

    @Test("tells an equity that is held back, and the limit of the sum of budgets")
    func held() async throws {
        let service = try await ServiceFixture(["SYMBOL_UNIVERSE": "AUSDT,BUSDT"])
        try await service.inject("100000")
        try await eventually("budgets") { try !service.budget("BUSDT").isEmpty }
        try await service.inject("10000000")
        try await eventually("a held equity") {
            try service.redis.hash(CycleSummary.key)["held_usd"] == "10000000"
        }
        let text = try await Command(["status"], ["REDIS_URL": service.redis.server.url]).finish()
        #expect(text.status == 2)
        #expect(text.output.contains("an equity of 10000000 USD is held back until more states agree\n"))
        #expect(text.output.contains("3736 USD together, at most 100000\n"))
        await service.stop()
    }

    @Test("says what is wrong, and works while no instance runs")
    func bad() async throws {
        let redis = try RedisFixture()
        let environment = ["REDIS_URL": redis.server.url]
        let empty = try await Command(["status"], environment).finish()
        #expect(empty.status == 2)
        #expect(
            empty.output == """
                mode     shadow, by P28_MODE
                lease    free
                cycle    none
                state    none
                budgets  0 symbols, 0 USD together
                wrong    no instance holds the lease: no budgets are written
                         no cycle is known
                         there is no readable quantum:state:portfolio

                """)
        let away = try await Command(["status"], ["REDIS_URL": "unix:///nowhere"]).finish()
        #expect(away.status == 1)
        #expect(away.errors.hasPrefix("error: Redis at unix:///nowhere does not answer: "))
    }
}
