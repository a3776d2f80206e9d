import GateAPI
import GateTestSupport
import P28Budget
import Testing
import TradingState

/// What is permitted and not yet in the position counts as a part of it. At a price of 100 the budget buys 18.2093.
@Suite struct LedgerTests {
    @Test("an order over the budget passes, closes only or is blocked by what is under way", arguments: LedgerRow.all)
    func rows(row: LedgerRow) throws {
        var world = World()
        world.budget = .success(PortfolioBudget(budget: 0, isEnforced: true, computedAt: World.now))
        let outcome = try world.outcomes(row, blocks: "p28_budget_violation", closesOnly: "p28_close_only")
        #expect(outcome.is == outcome.wanted)
    }

    @Test(
        "orders in the order's direction count in full, others do not",
        arguments: [
            ("BUY 18", 0, [], "pass"), ("BUY 8", 0, [(.buy, 10)], "pass"),
            ("BUY 8.3", 0, [(.buy, 10)], "block p28_budget_violation"),
            ("SELL 8", 0, [(.sell, 10)], "pass"), ("SELL 8.3", 0, [(.sell, 10)], "block p28_budget_violation"),
            ("SELL 18", 0, [(.buy, 10)], "pass"),
            ("BUY 18", 0, [(.cappedBuy, 10), (.cappedSell, 10), (.closeLong, 10)], "pass"),
            ("BUY 4", 4, [(.openLong, 5), (.openShort, 5)], "pass"),
            ("BUY 4.3", 4, [(.openLong, 5), (.openShort, 4)], "pass"),
            ("BUY 6.3", 4, [(.openLong, 5), (.openShort, 3)], "block p28_budget_violation"),
            // A position on the other side is no credit, with a close under way or without.
            ("BUY 18", -10, [(.cappedBuy, 40)], "pass"), ("BUY 18", -10, [], "pass"),
            ("BUY 19", -10, [], "amend p28_close_only reduce-only 10"),
            ("SELL 19", 10, [(.cappedSell, 4)], "amend p28_close_only reduce-only 10"),
        ] as [(String, Amount, [(PositionPool.Lane, Amount)], String)])
    func counts(plan: String, position: Amount, underWay: [(PositionPool.Lane, Amount)], outcome: String) throws {
        #expect(try World.order(plan, at: position, underWay).outcome() == outcome)
    }

    @Test("a pass is bounded by the budget to the last unit")
    func passBound() throws {
        let world = World.order("BUY 4", at: 3, [(.buy, 2)])
        let claims = try world.claims
        #expect(claims.count == 1)
        let claim = try #require(claims.first)
        #expect(claim.key == InputKey(Account<PositionPool>.self, try world.intent.symbol))
        // The order's share is the host's matter.
        #expect(claim.amount == 0)
        #expect(claim.bound?.relation == .atMost)
        // 18.2093 - 3 - 4
        #expect(try claim.bound?.limit == Amount("11.2093"))
        #expect(try World.order("BUY 4", at: 3, [(.buy, Amount("11.2093"))]).outcome() == "pass")
        #expect(
            try World.order("BUY 4", at: 3, [(.buy, Amount("11.20930001"))]).outcome() == "block p28_budget_violation")
    }

    @Test("a block stands while the account is as full as it was judged to be")
    func blockBound() throws {
        let claim = try #require(try World.order("BUY 4", at: 3, [(.buy, 12)]).claims.first)
        #expect(claim.bound?.relation == .moreThan)
        #expect(try claim.bound?.limit == Amount("11.2093"))
        // Over the budget by itself: it matters only whether there comes to be anything that the order could close.
        let byItself = try World.order("BUY 20", at: 3, [(.buy, 12)]).claims
        #expect(byItself.map { $0.bound?.relation } == [.atMost])
        #expect(byItself.first?.bound?.lanes == LaneSet([1, 6]))
        // Beside a sell, capped sells bring the position nearer to where the buy could close something.
        let besideSell = try World.order("BUY 20", at: 3, [(.buy, 12), (.sell, 1)]).claims
        #expect(besideSell.first?.bound?.lanes == LaneSet([1, 3, 5, 6]))
    }

    @Test("an amendment to a close carries the event and the block's bound")
    func closeOnly() throws {
        let world = World.order("SELL 20", at: 10, [(.sell, 2)])
        guard
            case (.amend(let amendment, .closeOnly, false, let effects, let claims), let evidence) = try world.verdict()
        else {
            Issue.record("not amended")
            return
        }
        #expect(amendment == .reduceOnly(10))
        #expect((effects.first as? BudgetViolation)?.positionNotional == 2_200)
        #expect(evidence.value("reserved_qty") == 2)
        #expect(evidence.value("position_after") == -20)
        // 20 is over the budget whatever is under way. The close is cut at what there is.
        #expect(claims.all.map { $0.bound?.relation } == [.atMost])
        var shadow = world
        shadow.budget = .success(PortfolioBudget(budget: 1, isEnforced: false, computedAt: World.now))
        #expect(try shadow.outcome() == "advisory amend p28_close_only reduce-only 10")
    }

    @Test("an assumed position is shown in the evidence")
    func assumed() throws {
        var world = World.order("BUY 1", at: 0)
        #expect(try world.verdict().evidence.text("position") == nil)
        world.position = .failure(.missing)
        #expect(try world.outcome() == "pass")
        #expect(try world.verdict().evidence.text("position") == "assumed_flat")
        world.plan = LedgerRow.pairs("BUY 100 price=100")
        let evidence = try world.verdict().evidence
        #expect(evidence.count == 9)
        #expect(evidence.text("position") == "assumed_flat")
    }

    @Test("a symbol that held a position and lost its record is unknown, not flat")
    func lost() throws {
        var world = World.order("BUY 1", at: 0)
        world.position = .failure(.missing)
        world.account = .success(try Account(fields: ["held": "1"]))
        #expect(try world.outcome() == "abstain input_missing")
        world.plan = LedgerRow.pairs("SELL 1 reduceOnly=true")
        #expect(try world.outcome() == "pass")
    }

    @Test("with reserve off, nothing under way counts and nothing is claimed")
    func unreserved() throws {
        var world = World.order("BUY 4", at: 0, [(.buy, 100)])
        #expect(try world.outcome() == "block p28_budget_violation")
        world.settings.reserve = false
        #expect(world.gate.accounts.isEmpty)
        #expect(try world.outcome() == "pass")
        #expect(try world.claims.isEmpty)
    }

    @Test(
        "an unreadable account is the reason to abstain, unless the order is over the budget by itself",
        arguments: zip(InputFailures.all, ["pass"] + InputFailures.reasons.dropFirst().map { "abstain \($0)" }))
    func unreadable(failure: InputFailure, outcome: String) throws {
        var world = World.order("BUY 4", at: 0)
        world.account = .failure(failure)
        #expect(try world.outcome() == outcome)
        world.plan = LedgerRow.pairs("BUY 19 price=100")
        #expect(try world.outcome() == "block p28_budget_violation")
        world.plan = LedgerRow.pairs("SELL 4 reduceOnly=true")
        #expect(try world.outcome() == "pass")
    }
}
