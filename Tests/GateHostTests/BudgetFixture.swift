import GateHost
import P28Budget
import Platform
import TestSupport

/// A private Redis with an enforced budget of 1,000 USD for BTCUSDT, for hosts with the budget gate alone.
struct BudgetFixture {
    let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
        try redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", "1000", "mode", "enforce", "timestamp",
            "\(WallClock.now().milliseconds / 1_000)")
    }

    func host(_ sections: String = "", observer: DecisionObserver? = nil) throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }", types: [P28Budget.self], url: redis.server.url,
                sections: sections),
            observer: observer)
    }
}
