import GateAPI
import GateTestSupport
import P28Budget
import Testing
import TradingState

/// Orders that are permitted but not yet in the position count as part of it.
@Suite struct ReservationTests {
    private static func reserved(_ amounts: [(amount: Amount, expires: Duration, executed: Duration?)]) -> Reserved<
        PositionReservations
    > {
        Reserved(
            amounts.enumerated().map { index, reservation in
                ReservedAmount(
                    planID: "p\(index)", amount: reservation.amount, expiresAt: World.ago(.zero - reservation.expires),
                    executedAt: reservation.executed.map(World.ago))
            })
    }

    /// The position's snapshot is 10 s old, the budget buys 18 at a price of 100.
    private static func world(
        _ side: String, _ quantity: String, _ amounts: [(amount: Amount, expires: Duration, executed: Duration?)]
    ) -> World {
        var world = World(plan: [("side", side), ("qty", quantity), ("price", "100")])
        world.position = .success(Position(quantity: 0, markPrice: 100, timestamp: World.ago(.seconds(10))))
        world.reserved = .success(reserved(amounts))
        return world
    }

    @Test(
        "a reservation in the order's direction counts until it expires or the position shows it",
        arguments: [
            ([], "18", "pass"), ([(10, .seconds(60), nil)], "8", "pass"),
            ([(10, .seconds(60), nil)], "8.3", "block p28_budget_violation"),
            ([(5, .seconds(60), nil), (5, .seconds(1), nil)], "8.3", "block p28_budget_violation"),
            // Expired, executed before the snapshot was taken, executed after it, of the other direction.
            ([(10, .zero, nil)], "18", "pass"), ([(10, .seconds(60), .seconds(11))], "18", "pass"),
            ([(10, .seconds(60), .seconds(9))], "8.3", "block p28_budget_violation"),
            ([(-10, .seconds(60), nil)], "18", "pass"),
            ([(-10, .seconds(60), nil)], "18.3", "block p28_budget_violation"),
        ] as [([(amount: Amount, expires: Duration, executed: Duration?)], String, String)])
    func counts(amounts: [(amount: Amount, expires: Duration, executed: Duration?)], quantity: String, outcome: String)
        throws
    {
        #expect(try Self.world("BUY", quantity, amounts).outcome() == outcome)
        // The same with every sign reversed.
        let mirrored = amounts.map {
            (amount: Amount(units: -$0.amount.units), expires: $0.expires, executed: $0.executed)
        }
        #expect(try Self.world("SELL", quantity, mirrored).outcome() == outcome)
    }

    @Test("a pass reserves the order, signed")
    func reserves() throws {
        guard
            case (.pass(let reserving), let evidence) = try Self.world("SELL", "4", [(-3, .seconds(60), nil)]).verdict()
        else {
            Issue.record("did not pass")
            return
        }
        #expect(evidence.value("reserved_qty") == -3)
        #expect(evidence.value("position_notional") == 700)
        #expect(reserving?.amount == -4)
        #expect(reserving?.redisKey == "quantum:governor:reserved:position:BTCUSDT")

        var world = Self.world("SELL", "4", [])
        world.position = .success(Position(quantity: 10, markPrice: 100, timestamp: World.now))
        guard case (.pass(let reduction), _) = try world.verdict() else {
            Issue.record("did not pass")
            return
        }
        #expect(reduction?.amount == -4)
        world.plan.append(("reduceOnly", "true"))
        guard case (.pass(let capped), _) = try world.verdict() else {
            Issue.record("did not pass")
            return
        }
        #expect(capped == nil)
    }

    @Test("a reduce-only order may close an order in flight that no snapshot shows yet; a plain or larger one may not")
    func closesFreshFill() throws {
        var world = Self.world("SELL", "30", [(30, .seconds(60), .seconds(1))])
        world.position = .success(Position(quantity: 0, markPrice: 100, timestamp: World.ago(.seconds(3))))
        #expect(try world.outcome() == "block p28_budget_violation")
        world.plan.append(("reduceOnly", "true"))
        #expect(try world.outcome() == "pass")
        world = Self.world("SELL", "31", [(30, .seconds(60), .seconds(1))])
        world.position = .success(Position(quantity: 0, markPrice: 100, timestamp: World.ago(.seconds(3))))
        world.plan.append(("reduceOnly", "true"))
        #expect(try world.outcome() == "block p28_budget_violation")
    }

    @Test("with reserve off, the gate reserves nothing and reads no reservations")
    func unreserved() throws {
        var world = Self.world("BUY", "4", [(100, .seconds(60), nil)])
        #expect(try world.outcome() == "block p28_budget_violation")
        world.settings.reserve = false
        guard case (.pass(let reserving), _) = try world.verdict() else {
            Issue.record("did not pass")
            return
        }
        #expect(reserving == nil)
    }

    @Test(
        "a plain order is a reduction only of the position that the orders in flight leave; a capped close always is"
    )
    func together() throws {
        var world = Self.world("SELL", "10", [(-10, .seconds(60), nil)])
        world.position = .success(Position(quantity: 10, markPrice: 100, timestamp: World.now))
        // 10 - 10 - 10 = -10 at 100 is within the budget of 1820.93; with 9 more in flight it is over.
        #expect(try world.outcome() == "pass")
        world = Self.world("SELL", "10", [(-10, .seconds(60), nil), (-9, .seconds(60), nil)])
        world.position = .success(Position(quantity: 10, markPrice: 100, timestamp: World.now))
        #expect(try world.outcome() == "block p28_budget_violation")
        world.plan.append(("reduceOnly", "true"))
        #expect(try world.outcome() == "pass")
    }

    @Test(
        "unreadable reservations are the reason to abstain; a missing record means none",
        arguments: zip(
            InputFailures.all,
            [
                "pass", "abstain input_stale", "abstain input_future_dated", "abstain input_malformed",
                "abstain input_non_finite", "abstain input_unavailable",
            ]))
    func unreadable(failure: InputFailure, outcome: String) throws {
        var world = World()
        world.reserved = .failure(failure)
        #expect(try world.outcome() == outcome)
    }
}
