import Foundation
import GateAPI
import GateTestSupport
import P28Budget
import Testing
import TradingState

@Suite struct P28BudgetTests {
    @Test(
        "a notional up to the budget passes",
        arguments: [
            ("1", "1820.93", "pass"), ("1", "1820.94", "block p28_budget_violation"),
            ("1", "1820.93000001", "block p28_budget_violation"),
            ("1.00000001", "1820.93", "block p28_budget_violation"), ("0.5", "3641.86", "pass"),
            ("0.5", "3641.87", "block p28_budget_violation"),
            // The exact product is 1820.930000005, half a unit over: rounding must not hide it.
            ("0.5", "3641.86000001", "block p28_budget_violation"), ("0.00000001", "0.00000001", "pass"),
            ("1e18", "1e18", "block p28_budget_violation"),
        ])
    func edge(quantity: String, price: String, outcome: String) throws {
        #expect(try World(plan: [("side", "BUY"), ("qty", quantity), ("price", price)]).outcome() == outcome)
    }

    @Test(
        "the position after the plan counts, not the order",
        arguments: [
            ("0", "BUY", "18", "pass"), ("0", "SELL", "18", "pass"), ("0", "SELL", "19", "block p28_budget_violation"),
            ("10", "BUY", "8", "pass"), ("10", "BUY", "9", "block p28_budget_violation"),
            ("-10", "SELL", "9", "block p28_budget_violation"),
            // The position on the other side may be gone before the order fills.
            ("10", "SELL", "18", "pass"), ("10", "SELL", "19", "amend p28_close_only reduce-only 10"),
            ("-10", "BUY", "19", "amend p28_close_only reduce-only 10"),
            ("1000", "SELL", "1", "pass"), ("1000", "SELL", "1000", "pass"), ("-1000", "BUY", "999", "pass"),
            ("1000", "BUY", "0.00000001", "block p28_budget_violation"),
        ])
    func projection(position: String, side: String, quantity: String, outcome: String) throws {
        var world = World(plan: [("side", side), ("qty", quantity), ("price", "100")])
        world.position = .success(Position(quantity: try Amount(position), markPrice: 100, timestamp: World.now))
        #expect(try world.outcome() == outcome)
    }

    @Test("a block carries its numbers, and one violation event")
    func evidence() throws {
        var world = World(plan: [("side", "BUY"), ("qty", "2"), ("price", "1820.93")])
        world.budget = .success(
            PortfolioBudget(budget: 1_820, isEnforced: true, computedAt: World.ago(.milliseconds(1_500))))
        guard case (.block(.budgetViolation, false, let effects, _), let evidence) = try world.verdict() else {
            Issue.record("not blocked")
            return
        }
        let shown = (0..<evidence.count).map { "\(evidence[$0].name)=\(evidence[$0].value)" }
        #expect(
            shown == [
                "budget_usd=1820", "position_notional=3641.86", "over_budget=1821.86", "position_after=2",
                "reserved_qty=0", "price=1820.93",
                "budget_age_sec=1.5", "price_unverified=1820.93",
            ])
        let violation = try #require(effects.first as? BudgetViolation)
        #expect(effects.count == 1)
        #expect(
            violation
                == BudgetViolation(
                    symbol: try world.intent.symbol, planID: "3f9c1a7be2d04c58",
                    positionNotional: try Amount("3641.86"), budget: 1_820,
                    overBudget: try Amount("1821.86"),
                    timestamp: World.now))
    }

    @Test("a pass on a budget shows the compared numbers")
    func passEvidence() throws {
        guard case (.pass, let evidence) = try World().verdict() else {
            Issue.record("did not pass")
            return
        }
        #expect(evidence.value("budget_usd")?.description == "1820.93")
        #expect(evidence.value("position_notional")?.description == "1820.93")
        #expect(evidence.value("budget_age_sec") == 0)
    }

    @Test("a budget whose producer is in shadow only advises")
    func advisory() throws {
        var world = World()
        world.budget = .success(PortfolioBudget(budget: 1, isEnforced: false, computedAt: World.now))
        #expect(try world.outcome() == "advisory p28_budget_violation")
    }

    @Test("a budget of zero blocks every open")
    func zeroBudget() throws {
        var world = World()
        world.budget = .success(PortfolioBudget(budget: 0, isEnforced: true, computedAt: World.now))
        #expect(try world.outcome() == "block p28_budget_violation")
    }

    @Test(
        "without a usable budget the gate abstains, with the reason",
        arguments: zip(InputFailures.all, InputFailures.reasons))
    func failsOpen(failure: InputFailure, reason: String) throws {
        var world = World()
        world.budget = .failure(failure)
        #expect(try world.outcome() == "abstain \(reason)")
    }

    @Test(
        "a budget's age is measured by its own timestamp",
        arguments: [
            (Duration.seconds(300), "block p28_budget_violation"), (.microseconds(300_000_001), "abstain input_stale"),
            (.seconds(-2), "block p28_budget_violation"),
            (.microseconds(-2_000_001), "abstain input_future_dated"),
        ])
    func age(age: Duration, outcome: String) throws {
        var world = World()
        world.budget = .success(PortfolioBudget(budget: 1, isEnforced: true, computedAt: World.ago(age)))
        #expect(try world.outcome() == outcome)
    }

    @Test(
        "an order on a position that cannot be read is not judged, with the reason",
        arguments: zip(InputFailures.all, InputFailures.reasons))
    func positionUnknown(failure: InputFailure, reason: String) throws {
        var world = World(plan: [("side", "BUY"), ("qty", "2"), ("price", "1820.93")])
        world.position = .failure(failure)
        world.settings.position.missingPosition = .unknown
        #expect(try world.outcome() == "abstain \(reason)")
        world.settings.position.missingPosition = .flat
        // Without a snapshot the order may be a close.
        #expect(
            try world.outcome() == (failure == .missing ? "amend p28_close_only reduce-only 2" : "abstain \(reason)"))
    }

    @Test("a position snapshot's age is measured by its own timestamp")
    func positionAge() throws {
        var world = World(plan: [("side", "SELL"), ("qty", "2"), ("price", "1820.93")])
        world.position = .success(Position(quantity: 2, markPrice: nil, timestamp: World.ago(.seconds(300))))
        #expect(try world.outcome() == "pass")
        world.position = .success(Position(quantity: 2, markPrice: nil, timestamp: World.ago(.seconds(301))))
        #expect(try world.outcome() == "abstain input_stale")
    }

    @Test(
        "the plan's price counts, else the mark price; with valuation higher, a plan cannot talk its notional down",
        arguments: [
            ("1820.93", nil, "pass"), ("", "1820.93", "pass"), ("", "1820.94", "block p28_budget_violation"),
            ("0.01", "1820.94", "block p28_budget_violation"), ("1700", "1820.94", "pass / block p28_budget_violation"),
            ("1820.94", "0.01", "pass / block p28_budget_violation"), ("x", "1820.94", "block p28_budget_violation"),
            ("", nil, "abstain price_unknown"),
            ("0", nil, "abstain price_unknown"), ("x", nil, "abstain input_malformed"),
            ("-1", nil, "abstain input_malformed"),
            ("nan", nil, "abstain input_non_finite"),
        ] as [(String, String?, String)])
    func price(planned: String, mark: String?, outcome: String) throws {
        var world = World(plan: [("side", "BUY"), ("qty", "1"), ("price", planned)])
        world.position = .success(
            Position(quantity: 0, markPrice: try mark.map { try Amount($0) }, timestamp: World.now))
        // If the outcomes of the two settings differ: plan / higher.
        let outcomes = outcome.components(separatedBy: " / ")
        #expect(try world.outcome() == outcomes[0])
        world.settings.price.valuation = .higher
        #expect(try world.outcome() == outcomes[outcomes.count - 1])
    }

    @Test(
        "an order without side or quantity is not judged, with the reason",
        arguments: [
            ([("side", "BUY")], "abstain quantity_unknown"),
            ([("side", "BUY"), ("qty", "0")], "abstain quantity_unknown"),
            ([("side", "BUY"), ("qty", "1e-3x")], "abstain input_malformed"),
            ([("side", "BUY"), ("qty", "inf")], "abstain input_non_finite"),
            ([("qty", "1")], "abstain side_unknown"), ([("side", "up"), ("qty", "1")], "abstain side_unknown"),
            ([], "abstain side_unknown"),
        ] as [([(String, String)], String)])
    func incomplete(plan: [(String, String)], outcome: String) throws {
        #expect(try World(plan: plan).outcome() == outcome)
    }

    static let reductions: [[(String, String)]] = [
        [("action", "FULL_CLOSE_PROPOSED")], [("action", "PARTIAL_25")],
        [("action", "PARTIAL_CLOSE_PROPOSED"), ("close_qty", "4")], [("action", "UPDATE_SL")],
        [("action", "HOLD")], [("side", "CLOSE"), ("qty", "0"), ("reduceOnly", "true")],
        [("action", "FULL_CLOSE_PROPOSED"), ("side", "SELL"), ("qty", "10"), ("reduceOnly", "true"), ("price", "nan")],
        [("side", "SELL"), ("qty", "4"), ("reduceOnly", "true")],
    ]

    @Test(
        "I5: closes, stops and reduce-only orders pass with any records", arguments: reductions,
        InputFailures.all)
    func reductionsPass(plan: [(String, String)], failure: InputFailure) throws {
        var world = World(plan: plan)
        world.budget = .failure(failure)
        world.account = .failure(failure)
        world.position = .success(Position(quantity: 10, markPrice: nil, timestamp: World.now))
        #expect(try world.outcome() == "pass")
        for missing in [MissingPosition.flat, .unknown] {
            world.settings.position.missingPosition = missing
            world.position = .failure(failure)
            #expect(try world.outcome() == "pass", "\(missing)")
        }
        world.budget = .success(PortfolioBudget(budget: 0, isEnforced: true, computedAt: World.now))
        #expect(try world.outcome() == "pass")
    }

    @Test(
        "I5: a plan that would grow a known position is an open, under any name; one that would flip it closes only",
        arguments: [
            ("BUY 100", "block p28_budget_violation"), ("FULL_CLOSE_PROPOSED BUY 100", "block p28_budget_violation"),
            ("UPDATE_SL BUY 100", "block p28_budget_violation"),
            ("FULL_CLOSE_PROPOSED SELL 100", "amend p28_close_only reduce-only 10"),
            ("PARTIAL_25 SELL 100 reduceOnly=false", "amend p28_close_only reduce-only 10"),
            ("HOLD SELL 100", "amend p28_close_only reduce-only 10"),
        ])
    func disguisedOpens(plan: String, outcome: String) throws {
        #expect(try World.order(plan, at: 10).outcome() == outcome)
    }

    @Test("the gate asks for the symbol's budget and position, and for the legs' records if the plan names a leg")
    func request() throws {
        var world = World()
        let always = [
            "quantum:portfolio:budget:BTCUSDT", "quantum:position:snapshot:BTCUSDT", "quantum:state:positions:BTCUSDT",
        ]
        #expect(try world.requested == always)
        world.plan.append(("positionSide", "BOTH"))
        #expect(try world.requested == always)
        world.plan = [("positionSide", "LONG")]
        #expect(
            try world.requested == always + [
                "quantum:position:snapshot:BTCUSDT:LONG", "quantum:state:positions:BTCUSDT:LONG",
                "quantum:position:snapshot:BTCUSDT:SHORT", "quantum:state:positions:BTCUSDT:SHORT",
            ])
    }
}
