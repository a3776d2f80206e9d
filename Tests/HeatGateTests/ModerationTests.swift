import GateAPI
import GateTestSupport
import HeatGate
import Testing
import TradingState

/// Closes pass as they are, or smaller if the deployment asks for it. They are never blocked.
@Suite struct ModerationTests {
    static let reductions: [[(String, String)]] = [
        [("action", "FULL_CLOSE_PROPOSED")], [("action", "PARTIAL_25")], [("action", "UPDATE_SL")],
        [("action", "HOLD")],
        [("side", "CLOSE"), ("qty", "0"), ("reduceOnly", "true")],
        [("side", "SELL"), ("qty", "4"), ("reduceOnly", "true")],
        [("action", "FULL_CLOSE_PROPOSED"), ("side", "SELL"), ("qty", "10"), ("reduceOnly", "true")],
    ]

    @Test(
        "I5: closes, stops and reduce-only orders pass with any records", arguments: reductions,
        InputFailures.all)
    func reductionsPass(plan: [(String, String)], failure: InputFailure) throws {
        var world = World(plan: plan, heat: .failure(failure), market: .failure(failure))
        for moderates in [false, true] {
            world.settings.moderateFullCloses = moderates
            world.position = .success(Position(quantity: 10, markPrice: nil, timestamp: World.now))
            #expect(try world.outcome() == "pass", "moderates: \(moderates)")
            for missing in [MissingPosition.flat, .unknown] {
                world.settings.position.missingPosition = missing
                world.position = .failure(failure)
                #expect(try world.outcome() == "pass", "moderates: \(moderates), missing: \(missing)")
            }
        }
        world.settings.moderateFullCloses = false
        world.heat = try World.heat("5")
        #expect(try world.outcome() == "pass")
    }

    @Test(
        "where asked for, a full close is made smaller while the portfolio is cold or warm",
        arguments: [
            ("0", "amend portfolio_heat_cold fraction 0.25"), ("0.24999999", "amend portfolio_heat_cold fraction 0.25"),
            ("0.25", "amend portfolio_heat_warm fraction 0.75"),
            ("0.64999999", "amend portfolio_heat_warm fraction 0.75"), ("0.65", "pass"), ("3", "pass"),
        ])
    func moderates(heat: String, outcome: String) throws {
        var world = World(plan: [("action", "FULL_CLOSE_PROPOSED")], heat: try World.heat(heat))
        world.position = .success(Position(quantity: 10, markPrice: nil, timestamp: World.now))
        #expect(try world.outcome() == "pass")
        world.settings.moderateFullCloses = true
        #expect(try world.outcome() == outcome)
    }

    @Test(
        "only full closes are moderated",
        arguments: [
            [("action", "PARTIAL_75")], [("action", "UPDATE_SL")], [("side", "SELL"), ("qty", "10")],
            [("side", "CLOSE"), ("qty", "0")],
        ])
    func leavesOthers(plan: [(String, String)]) throws {
        var world = World(plan: plan)
        world.settings.moderateFullCloses = true
        world.position = .success(Position(quantity: 10, markPrice: nil, timestamp: World.now))
        #expect(try world.outcome() == "pass")
    }
}
