import GateAPI
import GateTestSupport
import KillSwitch
import Testing
import TradingState

@Suite("The kill switch")
struct KillSwitchTests {
    private struct World: LedgerWorld {
        var settings = KillSwitch.Settings()
        var plan: [(String, String)] = [("side", "BUY"), ("qty", "1")]
        var kill: Result<KillSwitchState, InputFailure> = .failure(.missing)
        var global: Result<GlobalKillSwitchState, InputFailure> = .failure(.missing)
        var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
        var long: Result<LongPosition, InputFailure> = .failure(.missing)
        var short: Result<ShortPosition, InputFailure> = .failure(.missing)
        var account: Result<Account<PositionPool>, InputFailure> = .failure(.missing)

        var gate: KillSwitch { KillSwitch(settings: settings) }
        var records: [ReadRecord] { [ReadRecord(kill), ReadRecord(global)] + exposureRecords }
    }

    @Test("while the switch is on, only what can only reduce passes", arguments: LedgerRow.all)
    func rows(row: LedgerRow) throws {
        let world = World(kill: .success(KillSwitchState(isOn: true)))
        let outcome = try world.outcomes(row, blocks: "kill_switch_active", closesOnly: "kill_switch_close_only")
        #expect(outcome.is == outcome.wanted)
    }

    @Test(
        "new exposure is stopped while the switch is on",
        arguments: [(true, "block kill_switch_active"), (false, "pass")])
    func exposure(isOn: Bool, outcome: String) throws {
        #expect(try World(kill: .success(KillSwitchState(isOn: isOn))).outcome() == outcome)
    }

    @Test("trading runs if the key is missing")
    func missing() throws {
        #expect(try World().outcome() == "pass")
    }

    @Test(
        "reductions pass, unless the settings stop them too",
        arguments: [
            [("action", "FULL_CLOSE_PROPOSED")], [("action", "UPDATE_SL")], [("side", "SELL"), ("qty", "2")],
        ])
    func reductions(plan: [(String, String)]) throws {
        var world = World(plan: plan, kill: .success(KillSwitchState(isOn: true)))
        world.position = .success(Position(quantity: 2, markPrice: nil, timestamp: World.now))
        #expect(try world.outcome() == "pass")
        world.settings.stopReductions = true
        #expect(try world.outcome() == "block kill_switch_active")
    }

    @Test(
        "B5: with a position that cannot be read an order may be a close",
        arguments: [
            ("SELL 10", "amend kill_switch_close_only reduce-only 10"),
            ("BUY 1 positionSide=LONG", "block kill_switch_active"),
            ("SELL 1 positionSide=LONG", "pass"),
            ("SELL 1 positionSide=up", "amend kill_switch_close_only reduce-only 1"),
            ("SELL 1 reduceOnly=true", "pass"), ("PARTIAL_25", "pass"), ("FULL_CLOSE SELL", "pass"),
            ("FULL_CLOSE SELL 4", "amend kill_switch_close_only reduce-only 4"),
            ("SELL", "block kill_switch_active"), ("qty=4", "block kill_switch_active"),
            ("", "block kill_switch_active"),
        ], InputFailures.all)
    func unknownPosition(row: (plan: String, outcome: String), failure: InputFailure) throws {
        var world = World(plan: LedgerRow.pairs(row.plan), kill: .success(KillSwitchState(isOn: true)))
        world.settings.position.missingPosition = .unknown
        world.position = .failure(failure)
        #expect(try world.outcome() == row.outcome)
    }

    @Test(
        "with an account that cannot be read a reduction is not proved, and may be a close",
        arguments: InputFailures.all.dropFirst())
    func unreadableAccount(failure: InputFailure) throws {
        var world = World(plan: LedgerRow.pairs("SELL 4"), kill: .success(KillSwitchState(isOn: true)))
        world.position = .success(Position(quantity: 10, markPrice: nil, timestamp: World.now))
        world.account = .failure(failure)
        #expect(try world.outcome() == "amend kill_switch_close_only reduce-only 4")
        world.settings.reserve = false
        #expect(try world.outcome() == "pass")
    }

    @Test("the second switch counts only if configured")
    func global() throws {
        var world = World(global: .success(GlobalKillSwitchState(isOn: true)))
        #expect(try world.outcome() == "pass")
        world.settings.globalSwitch = true
        #expect(try world.outcome() == "block kill_switch_active")
    }

    @Test("an unreadable switch fails open, with its reason")
    func unreadable() throws {
        #expect(try World(kill: .failure(.malformed(field: "quantum:kill"))).outcome() == "abstain input_malformed")
        #expect(try World(kill: .failure(.unavailable(detail: "WRONGTYPE"))).outcome() == "abstain input_unavailable")
    }

    @Test(
        "reads exactly 1 and 0",
        arguments: [("1", true), ("0", false), ("", nil), ("true", nil), (" 1", nil), ("01", nil)] as [(String, Bool?)])
    func values(text: String, isOn: Bool?) {
        #expect((try? KillSwitchState(fields: ["value": text]))?.isOn == isOn)
    }
}
