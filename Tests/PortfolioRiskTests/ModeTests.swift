import GateAPI
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The mode")
struct ModeTests {
    private func record(
        _ fixture: EngineFixture, _ mode: RiskMode, environment: RiskMode, secondsAgo: Int64 = 0, version: Int = 0
    ) throws {
        let changedAt = Timestamp(microseconds: fixture.clock.now().microseconds - secondsAgo * 1_000_000)
        let record = ModeRecord(
            mode: mode, environment: environment, changedAt: changedAt, remote: "127.0.0.1", version: version)
        try fixture.redis.command("DEL", ModeRecord.key)
        for field in record.fields { try fixture.redis.command("HSET", ModeRecord.key, field.name, field.value) }
    }

    private func fixture(_ environment: RiskMode, authority: ModeAuthority = .redis) throws -> EngineFixture {
        let fixture = try EngineFixture(
            settings: try settings([
                "SYMBOL_UNIVERSE": "AUSDT", "P28_MODE": environment.rawValue, "P28_MODE_AUTHORITY": authority.rawValue,
            ]))
        try fixture.publishState()
        return fixture
    }

    @Test("is that of the environment if no record exists", arguments: RiskMode.allCases)
    func environment(_ mode: RiskMode) async throws {
        let fixture = try fixture(mode)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == mode.rawValue)
        #expect(fixture.metric("p28_enforce_mode") == (mode == .enforce ? "1" : "0"))
        #expect(try fixture.redis.hash(ModeRecord.key)["mode"] == mode.rawValue)
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
        #expect(try fixture.redis.hash(ModeRecord.key)["mode"] == "enforce")
        #expect(try fixture.redis.hash(ModeRecord.key)["origin"] == "environment")
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
        try record(fixture, .enforce, environment: .shadow, version: 2)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "enforce")
    }

    @Test("is stored again where Redis has lost it, or has gone back to an older one")
    func lost() async throws {
        let fixture = try fixture(.shadow)
        try record(fixture, .enforce, environment: .shadow, version: 7)
        try await fixture.engine.cycle(heat: .positions)
        try fixture.redis.command("DEL", ModeRecord.key)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.redis.hash(ModeRecord.key)["mode"] == "enforce")
        try record(fixture, .shadow, environment: .shadow, version: 6)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.redis.hash(ModeRecord.key)["version"] == "7")
        #expect(try fixture.budget("AUSDT")["mode"] == "enforce")
    }

    @Test("is not that of a P28_MODE which is older than the last change: a takeover undoes no rollback")
    func takeover() async throws {
        let fixture = try fixture(.enforce)
        try record(fixture, .shadow, environment: .shadow, secondsAgo: -1, version: 3)
        fixture.clock.advance(5)
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "shadow")
        #expect(fixture.mode.differsFromSetting)
    }

    @Test("is that of P28_MODE at each start, with P28_MODE_AUTHORITY=env, and on the audit trail")
    func environmentAuthority() async throws {
        let fixture = try fixture(.shadow, authority: .env)
        try record(fixture, .enforce, environment: .shadow, secondsAgo: -1, version: 3)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "shadow")
        #expect(try fixture.redis.entries("quantum:stream:governor.events").map { $0["to"] } == ["shadow"])
        // A change at run time lasts until the next start.
        try record(fixture, .enforce, environment: .shadow, version: 5)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["mode"] == "enforce")
    }

    @Test("at a start is told before it begins: by whom it was decided, and that P28_MODE differs")
    func start() throws {
        let unchanged = try settings(["P28_MODE": "shadow"])
        let byFile = try settings(["P28_MODE": "shadow", "P28_MODE_AUTHORITY": "env"])
        let record = ModeRecord(
            mode: .enforce, environment: .shadow, changedAt: Timestamp(seconds: 1), remote: "10.0.0.7", version: 2)
        #expect(StartMode(unchanged, nil).text == "shadow, by P28_MODE=shadow")
        #expect(
            StartMode(unchanged, record).text == "enforce, by a change at run time from 10.0.0.7, not P28_MODE=shadow")
        #expect(
            StartMode(byFile, record).text
                == "shadow, by P28_MODE=shadow; it replaces enforce in Redis, by a change at run time from 10.0.0.7")
    }

    @Test("replaces a malformed record")
    func garbage() async throws {
        let fixture = try fixture(.shadow)
        try fixture.redis.command("HSET", ModeRecord.key, "mode", "ENFORCE", "environment", "shadow", "timestamp", "1")
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.mode.current == .shadow)
        #expect(try fixture.redis.hash(ModeRecord.key)["mode"] == "shadow")
    }
}
