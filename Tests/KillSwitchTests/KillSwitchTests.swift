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
        var symbol: Result<SymbolKillSwitchState, InputFailure> = .failure(.missing)
        var source: Result<SourceKillSwitchState, InputFailure> = .failure(.missing)
        var global: Result<GlobalKillSwitchState, InputFailure> = .failure(.missing)
        var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
        var long: Result<LongPosition, InputFailure> = .failure(.missing)
        var short: Result<ShortPosition, InputFailure> = .failure(.missing)
        var account: Result<Account<PositionPool>, InputFailure> = .failure(.missing)

        var gate: KillSwitch { KillSwitch(settings: settings) }
        var records: [ReadRecord] {
            [ReadRecord(kill), ReadRecord(symbol), ReadRecord(source), ReadRecord(global)] + exposureRecords
        }
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

    @Test("a switch that cannot be read fails open, with its reason, unless another is set")
    func unreadable() throws {
        var world = World(kill: .failure(.unavailable(detail: "NOPERM")))
        #expect(try world.outcome() == "abstain input_unavailable")
        world.symbol = .success(SymbolKillSwitchState(isOn: false))
        #expect(try world.outcome() == "abstain input_unavailable")
        world.symbol = .success(SymbolKillSwitchState(isOn: true))
        #expect(try world.outcome() == "block kill_switch_active")
    }

    @Test(
        "K4: an ambiguous stop stops",
        arguments: [
            ("", .off), ("0", .off), ("false", .off), ("off", .off), ("no", .off), ("FALSE", .off), ("Off", .off),
            (" 0", .off), ("0\n", .off), ("\tno\r\n", .off), (" ", .off),
            ("1", .on), ("true", .on), ("on", .on), ("yes", .on), ("1 ", .on), ("1\n", .on), ("TRUE\n", .on),
            ("01", .unclear), ("00", .unclear), ("0.0", .unclear), ("-1", .unclear), ("exchange is down", .unclear),
            ("0\u{0}", .unclear), ("\u{A0}0", .unclear), ("n", .unclear), ("nil", .unclear), ("\"0\"", .unclear),
            ("o ff", .unclear),
        ] as [(String, SwitchReading)])
    func values(text: String, reading: SwitchReading) throws {
        #expect(KillSwitchState(fields: ["value": text]).reading == reading)
        #expect(SymbolKillSwitchState(fields: ["value": text]).isOn == (reading != .off))
        #expect(SourceKillSwitchState(fields: ["value": text]).isRevoking == (reading != .off))
        #expect(GlobalKillSwitchState(fields: ["value": text]).reading == reading)
    }

    @Test("a key of another type stops")
    func anotherType() {
        #expect(KillSwitchState(fields: [:]).reading == .anotherType)
        #expect(KillSwitchState(fields: [:]).isOn)
    }

    @Test("the evidence names the switch, and says why one that is not clearly set stops")
    func evidence() throws {
        func texts(_ world: World) throws -> [String?] {
            let evidence = try world.verdict().evidence
            return [evidence.text("switch"), evidence.text("switch_value")]
        }
        #expect(try texts(World()) == [nil, nil])
        #expect(try texts(World(kill: .success(KillSwitchState(isOn: true)))) == ["all", nil])
        #expect(try texts(World(kill: .success(KillSwitchState(reading: .unclear)))) == ["all", "unclear"])
        let another = SymbolKillSwitchState(reading: .anotherType)
        #expect(try texts(World(symbol: .success(another))) == ["symbol", "another_type"])
    }

    @Test(
        "a source's switch is that of the plan's `source`, without blanks at its ends",
        arguments: [
            ("bridge", "bridge"), (" bridge\n", "bridge"), ("Bridge", "Bridge"), ("exit brain", "exit brain"),
            (String(repeating: "b", count: 128), String(repeating: "b", count: 128)),
        ])
    func source(text: String, name: String) throws {
        var world = World(plan: [("side", "BUY"), ("qty", "1"), ("source", text)])
        #expect(try world.requested.contains("quantum:kill:source:\(name)"))
        #expect(try world.requested.contains("quantum:kill:symbol:BTCUSDT"))
        #expect(try world.outcome() == "pass")
        world.source = .success(SourceKillSwitchState(isOn: true))
        #expect(try world.outcome() == "block kill_switch_active")
        #expect(try world.verdict().evidence.text("switch") == "source")
    }

    @Test("a plan without a source, or with one that is too long, has no source's switch", arguments: ["", " ", nil])
    func noSource(text: String?) throws {
        var world = World(plan: [("side", "BUY"), ("source", text ?? String(repeating: "b", count: 129))])
        world.source = .success(SourceKillSwitchState(isOn: true))
        #expect(try world.intent.source == nil)
        #expect(try !world.requested.contains { $0.hasPrefix("quantum:kill:source:") })
    }
}
