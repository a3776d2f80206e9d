import Deployment
import GateAPI
import GateHost
import HeatGate
import P28Budget
import Testing
import TestSupport
import TradingState

/// K1: a plan's own numbers are no missing data. An enforced budget of 1,000 USD, and a position that some cases hold.
@Suite("Plan check")
struct PlanCheckTests {
    private static let now = Timestamp(seconds: 1_795_354_622)
    private static let symbol = Symbol("BTCUSDT")!
    private static let enforced = "  - { gate: p28-budget, mode: enforce }"

    private func decide(
        _ plan: [(String, String)], position: Amount? = nil, mark: Amount? = nil, _ gates: String = enforced,
        sections: String = ""
    ) throws -> Decision {
        let configuration = try TestConfiguration.make(
            gates, types: [P28Budget.self, HeatGate.self], sections: sections)
        let pipeline = Pipeline(gates: configuration.gates, onBadPlan: configuration.plans.onBadPlan)
        var inputs = Inputs(now: Self.now)
        inputs.set(PortfolioBudget(budget: 1_000, isEnforced: true, computedAt: Self.now), for: Self.symbol)
        if let position {
            inputs.set(Position(quantity: position, markPrice: mark, timestamp: Self.now), for: Self.symbol)
        } else {
            inputs.fail(Position.self, for: Self.symbol, .missing)
        }
        let head = [("plan_id", "p-1"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT")]
        return pipeline.decide(Plans.entry((head + plan).map { (name: $0.0, value: $0.1) }), inputs)
    }

    private func detail(_ decision: Decision) -> String? {
        decision.results.first { $0.gate == "plan" }?.detail
    }

    @Test(
        "K1: an open with a quantity that cannot be read is refused, whatever is known of the market",
        arguments: [
            ("2e30", "qty is too large"), ("2e18", "qty is too large"), ("1e40", "qty is too large"),
            ("inf", "qty is not finite"),
            ("-inf", "qty is not finite"), ("nan", "qty is not finite"), ("-5", "qty is negative"),
            ("abc", "qty is not a number"), ("1__0", "qty is not a number"), ("None", "qty is not a number"),
            ("0x10", "qty is not a number"), ("1,5", "qty is not a number"), (" ", "qty is not a number"),
        ])
    func quantities(text: String, complaint: String) throws {
        let plan = [("side", "BUY"), ("qty", text), ("price", "100")]
        for (position, mark) in [(nil, nil), (0, nil), (0, 100), (5, 100)] as [(Amount?, Amount?)] {
            let decision = try decide(plan, position: position, mark: mark)
            #expect(decision.outcome == .block)
            #expect(decision.gate == "plan")
            #expect(decision.reason == "plan_malformed")
            #expect(detail(decision) == complaint)
            let result = try #require(decision.results.last)
            #expect(result.evidence.text("field") == "qty")
            #expect(result.effect == .blocked)
            // No other gate fails for want of data.
            #expect(decision.results.dropLast().allSatisfy { $0.effect == .none })
        }
    }

    @Test(
        "K1: an open at a price that cannot be read is refused, with a mark price and without",
        arguments: [
            ("nan", "price is not finite"), ("abc", "price is not a number"), ("1e31", "price is too large"),
            ("2e18", "price is too large"),
            ("-1", "price is negative"), ("inf", "price is not finite"),
        ])
    func prices(text: String, complaint: String) throws {
        for mark in [nil, 100] as [Amount?] {
            let decision = try decide([("side", "BUY"), ("qty", "100"), ("price", text)], position: 0, mark: mark)
            #expect(decision.outcome == .block)
            #expect(decision.reason == "plan_malformed")
            #expect(detail(decision) == complaint)
        }
        let decision = try decide([("side", "BUY"), ("qty", "100"), ("price", ""), ("entry_price", text)], position: 0)
        #expect(detail(decision) == "entry_" + complaint)
    }

    @Test(
        "K1: a price that is named and empty is refused where nothing else tells it",
        arguments: ["", "0", "0.0"])
    func emptyPrice(text: String) throws {
        let plan = [("side", "BUY"), ("qty", "100"), ("price", text)]
        for position in [nil, 0] as [Amount?] {
            let decision = try decide(plan, position: position)
            #expect(decision.reason == "plan_malformed")
            #expect(detail(decision) == "price is empty, and there is no mark price")
        }
        #expect(try decide(plan, position: 0, mark: 100).reason == "p28_budget_violation")
        #expect(try decide(plan, position: 0, mark: 1).reason == "all_gates_passed")
        // A plan of a producer that sends no prices is judged by the mark; a missing mark is missing data.
        let silent = try decide([("side", "BUY"), ("qty", "100")], position: 0)
        #expect(silent.outcome == .permit)
        #expect(silent.results.map(\.reason) == ["price_unknown"])
    }

    @Test(
        "K1: an order that can only reduce passes with any number, sized by what may remain",
        arguments: [
            [("action", "FULL_CLOSE_PROPOSED"), ("side", "SELL")], [("side", "SELL"), ("reduceOnly", "true")],
            [("side", "CLOSE")], [("action", "FULL_CLOSE")], [("side", "SELL"), ("reduce_only", "1")],
        ])
    func closes(plan: [(String, String)]) throws {
        for text in ["2e30", "inf", "-5", "abc", "nan", "1__0"] {
            let decision = try decide(plan + [("qty", text), ("price", text)], position: 5, mark: 100)
            #expect(decision.outcome == .permit)
            #expect(decision.permit?.quantity == 5)
            #expect(decision.permit?.isCapped == true)
            #expect(decision.results.map(\.gate) == ["p28-budget"])
        }
        let partial = try decide(
            [("action", "PARTIAL_50"), ("side", "SELL"), ("qty", "abc")], position: 5, mark: 100)
        #expect(partial.permit?.quantity == (try Amount("2.5")))
        // A plain order that takes back a part needs a quantity, but no price.
        #expect(try decide([("side", "SELL"), ("qty", "3"), ("price", "x")], position: 5).outcome == .permit)
        #expect(try decide([("side", "SELL"), ("qty", "x"), ("price", "1")], position: 5).outcome == .block)
        #expect(try decide([("side", "SELL"), ("qty", "7"), ("price", "x")], position: 5).outcome == .block)
    }

    @Test("K1: in shadow, and with on_bad_plan: allow, the refusal is recorded as would-block and changes nothing")
    func modes() throws {
        let plan = [("side", "BUY"), ("qty", "abc"), ("price", "100")]
        let shadow = try decide(plan, position: 0, "  - { gate: p28-budget, mode: shadow }")
        let allowed = try decide(plan, position: 0, sections: "plans: { on_bad_plan: allow }")
        for decision in [shadow, allowed] {
            #expect(decision.outcome == .permit)
            #expect(decision.results.map(\.effect) == [.failedOpen, .wouldBlock])
            #expect(decision.results.last?.reason == "plan_malformed")
        }
        let mixed = try decide(
            plan, position: 0, "  - { gate: p28-budget, mode: shadow }\n  - { gate: heat, mode: enforce }")
        #expect(mixed.outcome == .block)
    }

    @Test("K1: a price outside the collar counts at the mark price and says so")
    func collar() throws {
        let decision = try decide([("side", "BUY"), ("qty", "100"), ("price", "0.01")], position: 0, mark: 100)
        #expect(decision.reason == "p28_budget_violation")
        #expect(decision.results[0].evidence.value("price") == 100)
        #expect(decision.results[0].evidence.value("price_outside_collar") == (try Amount("0.01")))
        #expect(decision.results[0].evidence.notes == .collaredPrice)
    }

    @Test("K1: a price that no mark confirms is evidence; a gate that does not believe it abstains instead of passing")
    func unverified() throws {
        let plan = [("side", "BUY"), ("qty", "100"), ("price", "0.01")]
        let believed = try decide(plan, position: 0).results[0]
        #expect(believed.verdict == .pass)
        #expect(believed.evidence.value("price_unverified") == (try Amount("0.01")))
        #expect(believed.evidence.notes == .unverifiedPrice)
        let strict = "  - { gate: p28-budget, mode: enforce, settings: { unverified_price: abstain } }"
        let doubted = try decide(plan, position: 0, strict).results[0]
        #expect(doubted.verdict == .abstain)
        #expect(doubted.reason == "price_unverified")
        #expect(doubted.evidence.value("price_unverified") == (try Amount("0.01")))
        // Even by its own price it is over the budget.
        let over = try decide([("side", "BUY"), ("qty", "100"), ("price", "100")], position: 0, strict)
        #expect(over.reason == "p28_budget_violation")
        #expect(try decide(plan, position: 0, mark: 1, strict).results[0].verdict == .pass)
    }

    @Test(
        "K2: what a plan takes on is judged exactly",
        arguments: [
            // Quantity, price, whether the exact notional is over 1,000.
            ("1e11", "1.4e-8", true), ("1e11", "1.2e-9", false), ("1e12", "1.2e-9", true),
            ("0.010000004", "100000", true),
            ("0.01", "100000.000000001", true), ("0.01", "100000", false), ("1e8", "0.00001", false),
            ("1_0", "100", false), ("1_0", "100.1", true), (" 10 ", "100", false), ("1_0.0_1", "100", true),
            ("+1e1", "1_00", false), ("9.99999999", "100", false),
            ("1e12", "1e-9", false), ("1e12", "1.000000000000000001e-9", true), ("1e-21", "1e18", false),
        ])
    func edges(quantity: String, price: String, isOver: Bool) throws {
        let decision = try decide([("side", "BUY"), ("qty", quantity), ("price", price)], position: 0)
        #expect((decision.reason == "p28_budget_violation") == isOver)
        #expect(decision.outcome == (isOver ? .block : .permit))
        #expect(decision.results.count == 1)
    }

    @Test(
        "K2: a permit never grants more than the plan says",
        arguments: [
            ("0.0051020147856388485", "0.0051020147856388485"), ("4e-9", "0.000000004"), ("0.01", "0.01"),
            ("1e-21", "0"), ("1.000000000000000000019", "1.00000000000000000001"),
            ("23.80952380952381", "23.80952380952381"), ("1_0", "10"),
        ])
    func grants(quantity: String, granted: String) throws {
        let decision = try decide([("side", "BUY"), ("qty", quantity), ("price", "1")], position: 0)
        #expect(decision.permit?.quantity == (try Amount(granted)))
        let reduction = try decide(
            [("side", "SELL"), ("qty", quantity), ("reduceOnly", "true")], position: 1_000)
        #expect(reduction.permit?.quantity == (try Amount(granted)))
    }

    @Test("K2: a quantity too small for its last digit is a quantity, and a budget record is rounded down")
    func tiny() throws {
        let tiny = try decide([("side", "BUY"), ("qty", "4e-9"), ("price", "1e12")], position: 0)
        #expect(tiny.reason == "p28_budget_violation")
        let budget = try PortfolioBudget(fields: [
            "budget_usd": "999.999999999999999999999", "mode": "enforce", "timestamp": "1",
        ])
        #expect(budget.budget == (try Amount("999.99999999999999999999")))
        let position = try Position(fields: ["position_amt": "-1e-21", "ts_epoch": "1"])
        #expect(position.quantity == Amount(units: -1))
    }

    @Test("K3: a plan in a symbol without any record is marked, one in a known symbol is not")
    func unknownSymbol() throws {
        let configuration = try TestConfiguration.make(Self.enforced, types: [P28Budget.self])
        let pipeline = Pipeline(gates: configuration.gates)
        var inputs = Inputs(now: Self.now)
        for record in [PortfolioBudget.self, Position.self] as [any StateRecord.Type] {
            inputs.fail(record, for: Self.symbol, .missing)
        }
        let entry = Plans.entry(Plans.open("p-1"))
        let unknown = pipeline.decide(entry, inputs)
        #expect(unknown.results[0].reason == "input_missing")
        #expect(unknown.lacksEveryRecord)
        inputs.set(Position(quantity: 0, markPrice: nil, timestamp: Self.now), for: Self.symbol)
        #expect(!pipeline.decide(entry, inputs).lacksEveryRecord)
    }

    @Test("K3: a spelling that the deployment lists is judged by the records of the symbol that it means")
    func spellings() throws {
        var map = SymbolMap()
        #expect(map.add(try #require(Symbol("BTC/USDT:USDT")), meaning: Self.symbol))
        let configuration = try TestConfiguration.make(Self.enforced, types: [P28Budget.self])
        var inputs = Inputs(now: Self.now)
        inputs.set(PortfolioBudget(budget: 1, isEnforced: true, computedAt: Self.now), for: Self.symbol)
        inputs.set(Position(quantity: 0, markPrice: nil, timestamp: Self.now), for: Self.symbol)
        let entry = StreamEntry(
            id: EntryID(milliseconds: 1, sequence: 0), fields: Fields(Plans.open("p-1", "btc/usdt:usdt")), map)
        let decision = Pipeline(gates: configuration.gates).decide(entry, inputs)
        #expect(decision.reason == "p28_budget_violation")
        #expect(decision.symbol == "BTCUSDT")
    }
}
