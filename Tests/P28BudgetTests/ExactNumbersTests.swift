import GateAPI
import Testing
import TradingState

@testable import P28Budget

@Suite("Numbers are exact") struct ExactNumbersTests {
    /// Quantity, price, the exact notional, and the same less the smallest unit.
    static let orders: [(quantity: String, price: String, notional: String, less: String)] = [
        ("1e11", "1.2e-9", "120", "119.99999999999999999999"),
        ("1e12", "1.2e-9", "1200", "1199.99999999999999999999"),
        ("4e-9", "1e9", "4", "3.99999999999999999999"),
        ("1e11", "1.4e-8", "1400", "1399.99999999999999999999"),
        ("0.490000004", "100000", "49000.0004", "49000.00039999999999999999"),
        ("1", "1820.9305", "1820.9305", "1820.93049999999999999999"),
        (
            "0.0051020147856388485", "98000.1", "499.99795919408571688485", "499.99795919408571688484"
        ),
    ]

    @Test("K2: an order passes a budget of its exact notional, and none below", arguments: orders)
    func edges(quantity: String, price: String, notional: String, less: String) throws {
        #expect(try outcome(quantity, price, budget: notional) == "pass")
        #expect(try outcome(quantity, price, budget: less) == "block p28_budget_violation")
        #expect(try outcome(quantity, price, budget: notional, price: "mark") == "pass")
        #expect(try outcome(quantity, price, budget: less, price: "mark") == "block p28_budget_violation")
    }

    @Test(
        "K2: an order over its budget by less than a cent does not pass",
        arguments: [
            ("1e11", "1.4e-8", "1000"), ("0.490000004", "100000", "49000"), ("1", "1820.9305", "1820.93"),
            // More digits than an amount holds are more than the amount.
            ("1.000000000000000000001", "1000", "1000"), ("1", "1000.000000000000000000001", "1000"),
            ("1e-21", "1e18", "0"),
        ])
    func over(quantity: String, price: String, budget: String) throws {
        #expect(try outcome(quantity, price, budget: budget) == "block p28_budget_violation")
    }

    @Test("K2: a budget with more digits than an amount holds is not more than its text says")
    func budget() throws {
        #expect(try outcome("1", "1000", budget: "999.999999999999999999999") == "block p28_budget_violation")
        #expect(try outcome("1", "1000", budget: "1000.000000000000000000001") == "pass")
    }

    /// With the price in the plan, or as the mark price of the position.
    private func outcome(
        _ quantity: String, _ price: String, budget: String, price place: String = "plan"
    ) throws -> String {
        var world = World(plan: [("side", "BUY"), ("qty", quantity)])
        world.budget = .success(
            try PortfolioBudget(
                fields: ["budget_usd": budget, "mode": "enforce", "timestamp": World.now.epochSeconds.description]))
        if place == "plan" {
            world.plan.append(("price", price))
        } else {
            world.position = .success(
                try Position(
                    fields: [
                        "position_amt": "0", "mark_price": price, "ts_epoch": World.now.epochSeconds.description,
                    ]))
        }
        return try world.outcome()
    }
}
