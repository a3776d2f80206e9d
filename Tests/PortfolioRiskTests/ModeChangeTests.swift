import GateAPI
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("A change of mode")
struct ModeChangeTests {
    /// Things that happen to the portfolio state after budgets were written. No budget is computed any more.
    enum Equity: String, CaseIterable {
        case notANumber, missing, tooOld, zero, wrongType
    }

    @Test("reaches every live budget at once, whatever the state of the equity", arguments: Equity.allCases)
    func equity(_ equity: Equity) async throws {
        try await withService(["P28_MODE": "enforce", "STALE_SEC": "2", "MAX_LKG_AGE_SEC": "2"]) { service in
            try await service.inject("100000")
            try await eventually("a budget") { try service.budget()["mode"] == "enforce" }
            let state = PortfolioState.key
            switch equity {
            case .notANumber: try service.redis.command("HSET", state, "equity_usd", "nan")
            case .missing: try service.redis.command("DEL", state)
            case .tooOld: try service.redis.command("HSET", state, "timestamp", "1")
            case .zero: try service.redis.command("HSET", state, "equity_usd", "0")
            case .wrongType: try service.redis.command("SET", state, "no hash")
            }
            try await Task.sleep(for: .seconds(2.5))
            #expect(try await service.setMode("shadow").body.contains(#""applied":true"#))
            #expect(try service.budget()["mode"] == "shadow")
        }
    }

    @Test("reaches the budget of a symbol that is no longer selected, and records of another writer")
    func otherSymbols() async throws {
        try await withService(["P28_MODE": "enforce"]) { service in
            try service.redis.command(
                "HSET", "quantum:position:snapshot:OLDUSDT", "position_amt", "1", "mark_price", "1", "ts_epoch", "1")
            try await service.inject("100000")
            try await eventually("a budget") { try service.budget("OLDUSDT")["mode"] == "enforce" }
            try service.redis.command("DEL", "quantum:position:snapshot:OLDUSDT")
            try service.setBudget("FOREIGN", "budget_usd", "1", "mode", "enforce")
            try await eventually("a cycle without the symbol") {
                let before = try service.budget()["timestamp"]
                return try service.budget("OLDUSDT")["timestamp"] != before
            }
            #expect(try await service.setMode("shadow").body.contains(#""applied":true"#))
            for symbol in ["BTCUSDT", "OLDUSDT", "FOREIGN"] {
                #expect(try service.budget(symbol)["mode"] == "shadow", "\(symbol)")
            }
        }
    }

    @Test("creates no budget: one that has expired stays away")
    func expired() async throws {
        try await withService { service in
            try service.redis.command("ZADD", BudgetIndex.key, "9999999999", "GONEUSDT")
            #expect(try await service.setMode("enforce").body.contains(#""applied":true"#))
            #expect(try service.budget("GONEUSDT").isEmpty)
        }
    }

    @Test("is not said to be applied while Redis refuses writes")
    func refused() async throws {
        try await withService(["P28_MODE": "enforce"]) { service in
            try await service.inject("100000")
            try await eventually("a budget") { try service.budget()["mode"] == "enforce" }
            try service.redis.command("CONFIG", "SET", "maxmemory", "1")
            let answer = try await service.setMode("shadow")
            #expect(answer.status == 503)
            #expect(answer.body.contains("OOM"))
            try service.redis.command("CONFIG", "SET", "maxmemory", "0")
        }
    }

    @Test("is compared with the record in Redis: another instance's change is one to change back, with an event")
    func twoInstances() async throws {
        let environment = ["BUDGET_COMPUTE_INTERVAL_SEC": "3600"]
        let first = try await ServiceFixture(environment)
        let second = try await ServiceFixture(environment, on: first.redis)
        #expect(try await first.setMode("enforce").body.contains(#""changed":true"#))
        expect(
            try await second.setMode("shadow"), 200,
            #"{"success":true,"mode":"shadow","previous":"enforce","changed":true,"applied":true}"#)
        expect(
            try await first.setMode("enforce"), 200,
            #"{"success":true,"mode":"enforce","previous":"shadow","changed":true,"applied":true}"#)
        let events = try first.redis.entries("quantum:stream:governor.events")
        #expect(events.map { $0["to"] } == ["enforce", "shadow", "enforce"])
        await second.stop()
        await first.stop()
    }

    @Test("before the first cycle after a restart is one of the record in Redis, not of P28_MODE")
    func beforeTheFirstCycle() async throws {
        let redis = try RedisFixture()
        try redis.command(
            "HSET", "quantum:portfolio:mode", "mode", "enforce", "environment", "shadow", "timestamp", "1", "remote", ""
        )
        // The exporter is where nothing answers, so the first cycle waits.
        let service = try await ServiceFixture(["HEAT_GATE_METRICS_URL": "http://192.0.2.1/metrics"], on: redis)
        expect(
            try await service.setMode("shadow"), 200,
            #"{"success":true,"mode":"shadow","previous":"enforce","changed":true,"applied":true}"#)
        #expect(try redis.entries("quantum:stream:governor.events").map { $0["to"] } == ["shadow"])
        #expect(try redis.hash("quantum:portfolio:mode")["mode"] == "shadow")
        await service.stop()
    }

    @Test("is stored also if it changes nothing, after Redis has lost its data")
    func lostData() async throws {
        try await withService(["BUDGET_COMPUTE_INTERVAL_SEC": "3600"]) { service in
            _ = try await service.setMode("enforce")
            try service.redis.command("FLUSHALL")
            #expect(try await service.setMode("enforce").body.contains(#""applied":true"#))
            #expect(try service.redis.hash("quantum:portfolio:mode")["mode"] == "enforce")
        }
    }
}
