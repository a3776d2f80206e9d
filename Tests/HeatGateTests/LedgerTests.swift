import GateAPI
import GateTestSupport
import HeatGate
import Testing
import TradingState

/// The risk of the orders under way counts as a part of the portfolio's heat.
@Suite struct LedgerTests {
    @Test(
        "an order of a hot portfolio passes, closes only or is blocked by what is under way", arguments: LedgerRow.all)
    func rows(row: LedgerRow) throws {
        let world = World(heat: try World.heat("1"))
        let outcome = try world.outcomes(row, blocks: "p26_heat_hot", closesOnly: "p26_close_only")
        #expect(outcome.is == outcome.wanted)
    }

    @Test(
        "W1: plans at once share the portfolio's room",
        arguments: [
            ("0", "pass"), ("24899.99999999", "pass"), ("24900", "amend p26_heat_warm quantity 50"),
            ("64899.99999999", "amend p26_heat_warm quantity 50"), ("64900", "block p26_heat_hot"),
        ])
    func sharedRoom(held: String, outcome: String) throws {
        // The order's own risk is 100 × 100 × 0.01 = 100, a heat of 0.001.
        var world = World(plan: LedgerRow.pairs("BUY 100 price=100"))
        world.held = .success(Account([(.held, try Amount(held))]))
        #expect(try world.outcome() == outcome)
    }

    @Test("W1: thirty plans at once take no more than the room up to warm")
    func thirty() throws {
        // Each projects a heat of 0.05 by itself.
        var world = World(plan: LedgerRow.pairs("BUY 5000 price=100"), heat: try World.heat("0.1"))
        var held = Account<HeatPool>()
        var passed = 0
        for _ in 0..<30 {
            world.held = .success(held)
            guard try world.outcome() == "pass" else { continue }
            passed += 1
            for claim in try world.claims { held[.held] = try held[.held] + claim.amount }
        }
        #expect(passed == 2)
        #expect(held[.held] == 10_000)
    }

    @Test(
        "the bound of a verdict is exact: the account may be as full as the verdict allows, to the last unit",
        arguments: [
            ("BUY 100", "0", 0, "0.1"), ("BUY 0.00000003", "0.0099", 0, "0.2499"), ("BUY 7", "1200", 0, "0.24"),
            ("BUY 100", "30000", 0, "0.1"), ("BUY 7", "0.33333333", 0, "0.5"), ("BUY 100", "64950", 0, "0.001"),
            ("SELL 7.77777777", "70000", 0, "0"), ("BUY 0.00000001", "55000", 0, "0.1"),
        ] as [(String, String, Amount, String)], ["100000", "3", "0.00000007", "77777.77777777"])
    func bounds(row: (plan: String, held: String, position: Amount, heat: String), equity: String) throws {
        var world = World(plan: LedgerRow.pairs(row.plan) + [("price", "33.33333333")])
        world.heat = .success(
            PortfolioHeat(heat: try Amount(row.heat), equity: try Amount(equity), computedAt: World.now))
        world.held = .success(Account([(.held, try Amount(row.held))]))
        let outcome = try world.outcome()
        let claim = try #require(try world.claims.first)
        guard let bound = claim.bound else {
            // Hot, or too small to shrink, whatever is under way.
            world.held = .failure(.missing)
            #expect(try world.outcome() == outcome)
            return
        }
        #expect(!bound.limit.isNegative)
        let next = try bound.limit + Amount(units: 1)
        world.held = .success(Account([(.held, bound.relation == .atMost ? bound.limit : next)]))
        #expect(try world.outcome() == outcome)
        world.held = .success(Account([(.held, bound.relation == .atMost ? next : bound.limit)]))
        #expect(try world.outcome() != outcome)
    }

    @Test("an order that may only close takes no heat; a block that is only recorded takes the whole")
    func amounts() throws {
        var world = World(plan: LedgerRow.pairs("SELL 20 price=100"), heat: try World.heat("1"))
        #expect(try world.claims.map(\.amount) == [20])
        world.position = .success(Position(quantity: 5, markPrice: nil, timestamp: World.now))
        #expect(try world.outcome() == "amend p26_close_only reduce-only 5")
        #expect(try world.claims.first?.amount == 0)
    }

    @Test("with reserve off, nothing under way counts and nothing is claimed")
    func unreserved() throws {
        var world = World()
        world.held = .success(Account([(.held, 70_000)]))
        #expect(try world.outcome() == "block p26_heat_hot")
        world.settings.reserve = false
        #expect(try world.gate.accounts.isEmpty)
        #expect(try world.outcome() == "pass")
        #expect(try world.claims.isEmpty)
    }

    @Test(
        "an unreadable account is the reason to abstain, unless the portfolio is hot without it",
        arguments: zip(InputFailures.all, ["pass"] + InputFailures.reasons.dropFirst().map { "abstain \($0)" }))
    func unreadable(failure: InputFailure, outcome: String) throws {
        for isHeat in [true, false] {
            var world = World()
            if isHeat { world.held = .failure(failure) } else { world.account = .failure(failure) }
            #expect(try world.outcome() == outcome)
            world.heat = try World.heat("1")
            #expect(try world.outcome() == "block p26_heat_hot")
        }
    }
}
