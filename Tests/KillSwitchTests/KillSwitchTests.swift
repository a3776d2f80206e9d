import GateAPI
import GateTestSupport
import KillSwitch
import Testing
import TradingState

@Suite("The kill switch")
struct KillSwitchTests {
    private struct World: GateWorld {
        var settings = KillSwitch.Settings()
        var plan: [(String, String)] = [("side", "BUY"), ("qty", "1")]
        var kill: Result<KillSwitchState, InputFailure> = .failure(.missing)
        var global: Result<GlobalKillSwitchState, InputFailure> = .failure(.missing)
        var position: Result<Position, InputFailure> = .failure(.missing)

        var gate: KillSwitch { KillSwitch(settings: settings) }
        var records: [ReadRecord] { [ReadRecord(kill), ReadRecord(global), ReadRecord(position)] }
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

    @Test("an order of unknown effect is stopped; a close is believed if the position cannot be read")
    func unknownPosition() throws {
        var world = World(
            kill: .success(KillSwitchState(isOn: true)), position: .failure(.unavailable(detail: "WRONGTYPE")))
        #expect(try world.outcome() == "block kill_switch_active")
        world.plan = []
        #expect(try world.outcome() == "block kill_switch_active")
        world.plan = [("action", "PARTIAL_25")]
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
