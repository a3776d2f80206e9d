import Foundation
import GateAPI
import GateTestSupport
import HeatGate
import Testing
import TradingState

@Suite struct HeatGateTests {
    @Test(
        "projected heat falls into its bucket, edges included above",
        arguments: [
            ("0", "pass"), ("0.2498", "pass"), ("0.24989999", "pass"), ("0.2499", "amend p26_heat_warm quantity 5"),
            ("0.25", "amend p26_heat_warm quantity 5"),
            ("0.64989999", "amend p26_heat_warm quantity 5"), ("0.6499", "block p26_heat_hot"),
            ("0.65", "block p26_heat_hot"), ("2.5", "block p26_heat_hot"),
        ])
    func buckets(heat: String, outcome: String) throws {
        // The order adds 10 × 100 × 0.01 / 100000 = 0.0001.
        #expect(try World(heat: World.heat(heat)).outcome() == outcome)
    }

    @Test(
        "an order that opens heats in full: the position on the other side may be gone before it fills",
        arguments: [
            ("0", "BUY", "10", "0.0001"), ("0", "SELL", "10", "0.0001"), ("30", "BUY", "10", "0.0001"),
            ("-30", "SELL", "10", "0.0001"),
            ("10", "SELL", "40", "0.0004"), ("30", "SELL", "40", "0.0004"), ("-10", "BUY", "20", "0.0002"),
        ])
    func projection(position: String, side: String, quantity: String, growth: String) throws {
        var world = World(plan: [("side", side), ("qty", quantity), ("price", "100")], heat: try World.heat("0.1"))
        world.position = .success(Position(quantity: try Amount(position), markPrice: nil, timestamp: World.now))
        guard case (.pass, let evidence) = try world.verdict() else {
            Issue.record("did not pass")
            return
        }
        #expect(try evidence.value("projected_heat") == Amount("0.1") + Amount(growth))
    }

    @Test("a verdict shows the numbers it rests on")
    func evidence() throws {
        var world = World(
            heat: .success(PortfolioHeat(heat: 1, equity: 50_000, computedAt: World.ago(.milliseconds(1_500)))))
        world.market = .success(MarketState(sigma: try Amount("0.02")))
        guard case (.block(.hot, false, let effects, _), let evidence) = try world.verdict() else {
            Issue.record("not blocked")
            return
        }
        let shown = (0..<evidence.count).map { "\(evidence[$0].name)=\(evidence[$0].value)" }
        #expect(
            shown == [
                "heat=1", "projected_heat=1.0004", "warm=0.25", "hot=0.65", "sigma=0.02", "equity_usd=50000",
                "heat_age_sec=1.5", "reserved_risk_usd=0", "price_unverified=100",
            ])
        #expect(effects.isEmpty)
    }

    @Test(
        "volatility comes from the market state, else from the default",
        arguments: [
            (Result<MarketState, InputFailure>.success(MarketState(sigma: Amount(percent: 5))), "0.0005"),
            (.success(MarketState(sigma: nil)), "0.0001"),
            (.failure(.missing), "0.0001"),
        ])
    func sigma(market: Result<MarketState, InputFailure>, projected: String) throws {
        guard case (.pass, let evidence) = try World(market: market).verdict() else {
            Issue.record("did not pass")
            return
        }
        #expect(evidence.value("projected_heat")?.description == projected)
    }

    @Test(
        "a sigma of zero counts as absent, a negative one is malformed, and an unreadable market state is an abstention"
    )
    func badSigma() throws {
        #expect(try MarketState(fields: ["sigma": "0"]).sigma == nil)
        #expect(throws: InputFailure.malformed(field: "sigma")) { try MarketState(fields: ["sigma": "-0.01"]) }
        for failure in InputFailures.all where failure != .missing {
            #expect(try World(market: .failure(failure)).outcome() == "abstain \(failure.reason?.rawValue ?? "")")
        }
    }

    @Test(
        "an order is made smaller by the configured part, rounded toward zero",
        arguments: [
            ("10", "0.5", "amend p26_heat_warm quantity 5"),
            ("3e-20", "0.5", "amend p26_heat_warm quantity 0.00000000000000000001"),
            ("10", "1", "amend p26_heat_warm quantity 10"), ("10", "0.01", "amend p26_heat_warm quantity 0.1"),
            // Too small to shrink: it must not pass whole.
            ("1e-20", "0.5", "block p26_heat_warm"),
        ])
    func warmScale(quantity: String, scale: String, outcome: String) throws {
        var world = World(plan: [("side", "BUY"), ("qty", quantity), ("price", "100")], heat: try World.heat("0.3"))
        world.settings.warmScale = try Amount(scale)
        #expect(try world.outcome() == outcome)
    }

    @Test("an order whose heat overflows is hot")
    func overflow() throws {
        #expect(
            try World(plan: [("side", "BUY"), ("qty", "1e18"), ("price", "1e18")]).outcome() == "block p26_heat_hot")
    }

    @Test(
        "without usable heat the gate abstains on opens, with the reason",
        arguments: zip(InputFailures.all, InputFailures.reasons))
    func failsOpen(failure: InputFailure, reason: String) throws {
        #expect(try World(heat: .failure(failure)).outcome() == "abstain \(reason)")
    }

    @Test(
        "an order on a position that cannot be read is not judged, with the reason",
        arguments: zip(InputFailures.all, InputFailures.reasons))
    func positionUnknown(failure: InputFailure, reason: String) throws {
        var world = World(heat: try World.heat("1"), position: .failure(failure))
        world.settings.position.missingPosition = .unknown
        #expect(try world.outcome() == "abstain \(reason)")
        world.settings.position.missingPosition = .flat
        // Without a snapshot the order may be a close.
        #expect(
            try world.outcome() == (failure == .missing ? "amend p26_close_only reduce-only 10" : "abstain \(reason)"))
    }

    @Test(
        "records are aged by their own timestamps",
        arguments: [
            (Duration.seconds(300), "block p26_heat_hot"), (.microseconds(300_000_001), "abstain input_stale"),
            (.seconds(-2), "block p26_heat_hot"),
            (.seconds(-3), "abstain input_future_dated"),
        ])
    func age(age: Duration, outcome: String) throws {
        var world = World(heat: .success(PortfolioHeat(heat: 1, equity: 100_000, computedAt: World.ago(age))))
        #expect(try world.outcome() == outcome)
        world = World(
            heat: try World.heat("1"),
            position: .success(Position(quantity: 0, markPrice: nil, timestamp: World.ago(age))))
        #expect(try world.outcome() == outcome)
    }

    @Test(
        "the plan's price counts, else the mark price; with valuation higher, a plan cannot talk its heat down",
        arguments: [
            ("100", nil, "pass"), ("", "100", "pass"), ("0.01", "1e6", "block p26_heat_hot"),
            ("1e6", "0.01", "pass / block p26_heat_hot"),
            ("", nil, "abstain price_unknown"),
            ("x", nil, "abstain input_malformed"), ("nan", nil, "abstain input_non_finite"), ("x", "100", "pass"),
        ] as [(String, String?, String)])
    func price(planned: String, mark: String?, outcome: String) throws {
        var world = World(plan: [("side", "BUY"), ("qty", "10"), ("price", planned)])
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
            ([("side", "BUY"), ("qty", "x")], "abstain input_malformed"),
            ([("qty", "1")], "abstain side_unknown"),
        ])
    func incomplete(plan: [(String, String)], outcome: String) throws {
        #expect(try World(plan: plan).outcome() == outcome)
    }

    @Test(
        "I5: a plan that would grow a known position is an open, under any name; one that would flip it closes only",
        arguments: [
            ("BUY 100", "block p26_heat_hot"), ("FULL_CLOSE_PROPOSED BUY 100", "block p26_heat_hot"),
            ("UPDATE_SL BUY 100", "block p26_heat_hot"),
            ("FULL_CLOSE_PROPOSED SELL 100", "amend p26_close_only reduce-only 10"),
        ])
    func disguisedOpens(plan: String, outcome: String) throws {
        var world = World(plan: LedgerRow.pairs(plan) + [("price", "100")], heat: try World.heat("1"))
        world.position = .success(Position(quantity: 10, markPrice: 100, timestamp: World.now))
        #expect(try world.outcome() == outcome)
    }

    @Test("warm must lie below hot", arguments: [("0.65", "0.65"), ("0.7", "0.65")])
    func contradiction(warm: String, hot: String) throws {
        var settings = HeatGate.Settings()
        settings.warm = try Amount(warm)
        settings.hot = try Amount(hot)
        #expect(throws: SettingsError("warm (\(warm)) must be below hot (\(hot))", key: "warm")) {
            try HeatGate(settings: settings)
        }
    }

    @Test("the gate asks for the portfolio's heat, and the symbol's position and market")
    func request() throws {
        #expect(
            try World().requested == [
                "quantum:portfolio:heat", "quantum:position:snapshot:BTCUSDT", "quantum:state:positions:BTCUSDT",
                "quantum:state:market:BTCUSDT",
            ])
        #expect(try World(plan: [("positionSide", "SHORT")]).requested.count == 8)
    }
}
