import GateAPI
import Platform
import Redis
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("A cycle")
struct CycleTests {
    @Test("writes budgets for positions of both key generations, for the universe and for recent plans, for 300 s")
    func symbols() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "UNIUSDT"]))
        try fixture.publishState()
        try fixture.publishPosition("BTCUSDT", "0.5", mark: "20000")
        try fixture.redis.command(
            "HSET", "quantum:state:positions:ETHUSDT", "symbol", "ETHUSDT", "position_amt", "-2", "mark_price", "1000",
            "side", "SHORT", "ts_epoch",
            "1795354255")
        try fixture.redis.publish(
            [Plans.open("plan-1", "SOLUSDT"), [("nonsense", "1")], Plans.open("plan-2", "solusdt")],
            to: GovernorStreams.plans)
        let report = try await fixture.engine.cycle(heat: .positions)
        #expect(report.written == 4)
        for symbol in ["BTCUSDT", "ETHUSDT", "UNIUSDT", "SOLUSDT"] {
            let key = "quantum:portfolio:budget:\(symbol)"
            // Heat (10 000 + 2 000) × 0.01 / 100 000 = 0.0012; stress 0.00048 + 0.066.
            #expect(try fixture.budget(symbol)["stress_factor"] == "0.06648")
            #expect(try fixture.budget(symbol)["budget_usd"] == "1867.04")
            let lifetime = try #require(try fixture.redis.command("TTL", key).integer)
            #expect((295...300).contains(lifetime))
        }
        #expect(try fixture.redis.hash("quantum:portfolio:heat")["heat"] == "0.0012")
        #expect(try fixture.redis.command("TTL", "quantum:portfolio:heat").integer ?? 0 > 290)
        #expect(fixture.metric(#"p28_budget_value_usd{symbol="BTCUSDT"}"#) == "1867.04")
        #expect(fixture.metric("p28_symbols") == "4")
    }

    @Test("needs no more round trips for 600 symbols than for one")
    func roundTrips() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try fixture.publishPosition("S0USDT", "1")
        let one = try await fixture.engine.cycle(heat: .positions)
        #expect(one.roundTrips == 3)
        for number in 0..<600 { try fixture.publishPosition("S\(number)USDT", "1") }
        let many = try await fixture.engine.cycle(heat: .positions)
        #expect(many.written == 600)
        #expect(many.roundTrips == 3)
        #expect(try fixture.redis.command("DBSIZE").integer == 600 + 600 + 7)
    }

    @Test("finds every position in a large key space, a bounded part per cycle")
    func largeKeySpace() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try fixture.publishPosition("BTCUSDT", "1")
        try fixture.redis.command(
            "EVAL", "for i=1,30000 do redis.call('SET','quantum:permit:'..i,'1') end return 1", "0")
        let report = try await fixture.engine.cycle(heat: .positions)
        #expect(report.written == 1)
        // One step scans about 5 000 keys.
        #expect((5...9).contains(report.roundTrips - 2))
        let calls = try fixture.redis.command("INFO", "commandstats").text ?? ""
        #expect(!calls.contains("cmdstat_keys:"))
    }

    @Test("does not depend on the size of plans: eight of 50 MB cost it their symbols, and nothing else")
    func hugePlans() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "BTCUSDT"]))
        try fixture.publishState()
        try fixture.redis.publish([Plans.open("old", "OLDUSDT")], to: GovernorStreams.plans)
        try await Self.publishHugePlans(fixture.redis.server.url)
        try fixture.redis.publish([Plans.open("new", "NEWUSDT")], to: GovernorStreams.plans)
        for _ in 0..<3 {
            // Those of the newest plan and of the one that reaches the bound.
            #expect(try await fixture.engine.cycle(heat: .positions).written == 3)
        }
        #expect(try fixture.budget("BTCUSDT")["budget_usd"] == "1868")
        #expect(try !fixture.budget("NEWUSDT").isEmpty)
        #expect(try fixture.budget("OLDUSDT").isEmpty)
    }

    /// On a thread of its own: the server takes a second for each.
    private static func publishHugePlans(_ url: String) async throws {
        let published: Result<Void, any Error> = await onBlockingThread(named: "publisher") {
            Result {
                var configuration = try RedisConfiguration(url: url)
                configuration.commandTimeout = .seconds(60)
                let connection = try RedisConnection(configuration)
                defer { connection.close() }
                for _ in 0..<8 {
                    try connection.check([
                        "EVAL", "redis.call('XADD',KEYS[1],'*','symbol','BIGUSDT','pad',string.rep('x',50000000))",
                        "1", GovernorStreams.plans,
                    ])
                }
            }
        }
        try published.get()
    }

    @Test("goes on without the symbols of plans where Redis does not give them")
    func refusedPlans() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "BTCUSDT"]))
        try fixture.publishState()
        try fixture.redis.publish([Plans.open("plan", "NEWUSDT")], to: GovernorStreams.plans)
        try fixture.redis.command("ACL", "SETUSER", "default", "-eval_ro")
        #expect(try await fixture.engine.cycle(heat: .positions).written == 1)
        #expect(try await fixture.engine.cycle(heat: .positions).written == 1)
    }

    @Test("forgets a symbol when its position key is gone")
    func goneSymbols() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try fixture.publishPosition("BTCUSDT", "1")
        #expect(try await fixture.engine.cycle(heat: .positions).written == 1)
        try fixture.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        #expect(try await fixture.engine.cycle(heat: .positions).written == 0)
    }

    @Test("counts a budget key of the wrong type, leaves it unchanged and writes all others")
    func wrongTypes() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "AUSDT,BADUSDT,CUSDT"]))
        try fixture.publishState()
        try fixture.redis.command("SET", "quantum:portfolio:budget:BADUSDT", "precious")
        try fixture.redis.command("SET", "quantum:portfolio:heat", "precious")
        try fixture.publishPosition("AUSDT", "0")
        try fixture.redis.command("SET", "quantum:position:snapshot:CUSDT", "no hash")
        try fixture.redis.command("SET", "quantum:state:market:CUSDT", "no hash")
        try fixture.redis.command("SET", "quantum:cluster:stress:default", "no hash")
        try fixture.redis.command("SET", GovernorStreams.plans, "no stream")
        let report = try await fixture.engine.cycle(heat: .positions)
        #expect(report.written == 2)
        #expect(report.refused == ["quantum:portfolio:budget:BADUSDT: WRONGTYPE", "quantum:portfolio:heat: WRONGTYPE"])
        #expect(fixture.metric("p28_redis_write_fail_total") == "2")
        #expect(try fixture.redis.command("GET", "quantum:portfolio:budget:BADUSDT").text == "precious")
        #expect(try fixture.redis.command("TTL", "quantum:portfolio:budget:BADUSDT").integer == -1)
        #expect(try fixture.budget("CUSDT")["budget_usd"] == "1868")
        #expect(fixture.metric(#"p28_stale_input_total{input_type="position"}"#) == "1")
        #expect(fixture.metric(#"p28_stale_input_total{input_type="market"}"#) == "1")
        #expect(fixture.metric(#"p28_stale_input_total{input_type="cluster"}"#) == "3")
    }

    @Test("uses the stress of the symbol's cluster, or of the default cluster if that has none")
    func clusters() async throws {
        let fixture = try EngineFixture(
            settings: try settings(["SYMBOL_UNIVERSE": "AUSDT,BUSDT,CUSDT", "CLUSTER_MAP": "AUSDT=majors,BUSDT=memes"]))
        try fixture.publishState()
        try fixture.redis.command("HSET", "quantum:cluster:stress:majors", "stress", "0.788493010732072")
        try fixture.redis.command("HSET", "quantum:cluster:stress:default", "stress", "0.5")
        try await fixture.engine.cycle(heat: .exporter(try Ratio("0.06")))
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "1189.20559141")
        #expect(try fixture.budget("BUSDT")["budget_usd"] == "1420")
        #expect(try fixture.budget("CUSDT")["cluster_stress"] == "0.5")
    }

    @Test(
        "writes a budget of 0 for an equity that is zero, negative or not a number, and counts it",
        arguments: ["0", "-100.5", "nan", "inf"])
    func invalidEquity(_ equity: String) async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "AUSDT"]))
        try fixture.publishState(equity)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "0")
        #expect(try fixture.redis.hash("quantum:portfolio:heat").isEmpty)
        #expect(fixture.metric("p28_invalid_equity_total") == "1")
    }

    @Test(
        "writes no budget for such an equity where the original's behaviour is kept",
        arguments: ["0", "-100.5", "nan", "inf"], [["P28_COMPATIBILITY": "original"], ["P28_ON_NO_EQUITY": "none"]])
    func invalidEquityAsOriginal(_ equity: String, _ environment: [String: String]) async throws {
        let fixture = try EngineFixture(
            settings: try settings(environment.merging(["SYMBOL_UNIVERSE": "AUSDT"]) { $1 }))
        try fixture.publishState(equity)
        let report = try await fixture.engine.cycle(heat: .positions)
        guard case .withoutEquity = report.resolution else {
            Issue.record("\(report.resolution)")
            return
        }
        #expect(try fixture.budget("AUSDT").isEmpty)
        #expect(fixture.metric("p28_invalid_equity_total") == "1")
    }

    @Test("counts missing and stale portfolio states separately; one from the future counts as stale")
    func unusableStates() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "AUSDT"]))
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.metric("p28_missing_portfolio_state_total") == "1")
        try fixture.publishState(secondsAgo: 31)
        try await fixture.engine.cycle(heat: .positions)
        try fixture.publishState(secondsAgo: -60)
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.metric(#"p28_stale_input_total{input_type="portfolio_state"}"#) == "2")
        try fixture.publishState("garbage")
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.metric("p28_missing_portfolio_state_total") == "2")
        #expect(try fixture.budget("AUSDT").isEmpty)
        #expect(fixture.metric("p28_lkg_cache_used_total") == "0")
    }

    @Test("uses the last known good state, also after a restart, until it is too old")
    func lastKnownGood() async throws {
        let universe = try settings(["SYMBOL_UNIVERSE": "AUSDT"])
        let first = try EngineFixture(settings: universe)
        try first.publishState()
        try await first.engine.cycle(heat: .positions)
        #expect(try first.budget("AUSDT")["state_source"] == "fresh")
        let asOf = try #require(try first.budget("AUSDT")["as_of"])
        #expect(asOf == "1795354260")

        try first.redis.command("DEL", PortfolioState.key)
        first.clock.advance(600)
        let second = try EngineFixture(first.redis, settings: universe, clock: first.clock)
        try await second.engine.cycle(heat: .positions)
        let record = try second.budget("AUSDT")
        #expect(record["state_source"] == "lkg")
        #expect(record["as_of"] == asOf)
        #expect(record["state_age_sec"] == "600")
        #expect(record["timestamp"] == "1795354860")
        #expect(second.metric("p28_lkg_cache_used_total") == "1")

        first.clock.advance(301)
        try first.redis.command("DEL", "quantum:portfolio:budget:AUSDT")
        let third = try EngineFixture(first.redis, settings: universe, clock: first.clock)
        #expect(try await third.engine.cycle(heat: .positions).resolution == .tooOld(age: .seconds(901)))
        #expect(try third.budget("AUSDT").isEmpty)
        #expect(third.metric("p28_portfolio_too_old_total") == "1")
    }

    @Test("fails while Redis is unavailable and works again on the next call")
    func reconnects() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "AUSDT"]))
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        fixture.redis.server.kill()
        await #expect(throws: RedisError.self) { try await fixture.engine.cycle(heat: .positions) }
        #expect(fixture.metric(#"p28_cycles_total{outcome="failed"}"#) == "1")
        try fixture.redis.server.restart()
        // Redis restarted empty; the state in memory bridges the gap.
        try fixture.redis.reconnect()
        try fixture.takeLease()
        let report = try await fixture.engine.cycle(heat: .positions)
        #expect(report.written == 1)
        #expect(try fixture.budget("AUSDT")["state_source"] == "lkg")
    }

    @Test("leaves a server that has become a replica")
    func readOnly() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "AUSDT"]))
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        try fixture.redis.command("CONFIG", "SET", "replica-serve-stale-data", "yes")
        try fixture.redis.command("REPLICAOF", "127.0.0.1", "1")
        await #expect(throws: RedisError.self) { try await fixture.engine.cycle(heat: .positions) }
        // The budget, the heat and the remembered state.
        #expect(fixture.metric("p28_redis_write_fail_total") == "3")
        try fixture.redis.command("REPLICAOF", "NO", "ONE")
        #expect(try await fixture.engine.cycle(heat: .positions).written == 1)
    }

    @Test("writes the keys that the gates read")
    func keys() {
        #expect(PortfolioBudget.keys == [.perSymbol(prefix: BudgetRecord.keyPrefix)])
        #expect(PortfolioHeat.keys == [.single(HeatRecord.key)])
    }
}
