import GateAPI
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The mode")
struct ModeTests {
    private func record(_ fixture: EngineFixture, _ mode: RiskMode, environment: RiskMode) throws {
        let record = ModeRecord(
            mode: mode, environment: environment, changedAt: fixture.clock.now(), remote: "127.0.0.1")
        try fixture.redis.command("DEL", ModeRecord.key)
        for field in record.fields { try fixture.redis.command("HSET", ModeRecord.key, field.name, field.value) }
    }

    private func fixture(_ environment: RiskMode) throws -> EngineFixture {
        let fixture = try EngineFixture(
            settings: try settings(["SYMBOL_UNIVERSE": "AUSDT", "P28_MODE": environment.rawValue]))
        try fixture.publishState()
        return fixture
    }

    @Test("is that of the environment if no record exists", arguments: RiskMode.allCases)
    func environment(_ mode: RiskMode) async throws {
        let fixture = try fixture(mode)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == mode.rawValue)
        #expect(fixture.metric("p28_enforce_mode") == (mode == .enforce ? "1" : "0"))
    }

    @Test("keeps a run-time change across a restart: a crash does not undo a rollback to shadow")
    func survives() async throws {
        let fixture = try fixture(.enforce)
        try record(fixture, .shadow, environment: .enforce)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "shadow")
        #expect(fixture.mode.current == .shadow)
        #expect(try fixture.redis.entries("quantum:stream:governor.events").isEmpty)
    }

    @Test("follows a new P28_MODE, the last deliberate act, and puts it on the audit trail")
    func superseded() async throws {
        let fixture = try fixture(.enforce)
        try record(fixture, .shadow, environment: .shadow)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "enforce")
        #expect(try fixture.redis.hash(ModeRecord.key).isEmpty)
        #expect(
            try fixture.redis.entries("quantum:stream:governor.events") == [
                [
                    "event": "P28_MODE_CHANGE", "from": "shadow", "to": "enforce", "timestamp": "1795354260",
                    "remote": "", "origin": "environment",
                ]
            ])
    }

    @Test("follows a change that another instance of the service accepted")
    func otherInstance() async throws {
        let fixture = try fixture(.shadow)
        try await fixture.engine.cycle(heat: .positions)
        try record(fixture, .enforce, environment: .shadow)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "enforce")
        try fixture.redis.command("DEL", ModeRecord.key)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "enforce")
    }

    @Test("ignores a malformed record")
    func garbage() async throws {
        let fixture = try fixture(.shadow)
        try fixture.redis.command("HSET", ModeRecord.key, "mode", "ENFORCE", "environment", "shadow", "timestamp", "1")
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.mode.current == .shadow)
    }
}
