import Foundation
import Testing
import TestSupport

@Suite("gatehost evaluate")
struct EvaluateTests {
    private let folder: TemporaryFolder
    private let config: String
    private let state: String

    init() throws {
        folder = try TemporaryFolder()
        config = try folder.write(
            """
            gates:
              - { gate: p28-budget, mode: enforce }
              - { gate: heat, mode: shadow }
            """, to: "gatehost.yaml")
        state = try folder.write(
            """
            {
              "quantum:portfolio:budget:BTCUSDT": {
                "budget_usd": "1820.93", "mode": "enforce", "timestamp": 1795354600
              },
              "quantum:portfolio:heat": { "heat": 0.06, "equity_usd": "100000", "timestamp": "1795354600" },
              "quantum:position:snapshot:BTCUSDT": {
                "position_amt": "0.01", "mark_price": "100000", "ts_epoch": "1795354610"
              },
              "quantum:state:positions:BTCUSDT": null
            }
            """, to: "state.json")
    }

    private func evaluate(_ arguments: String...) async throws -> HostProcess.Result {
        try await HostProcess(["evaluate", "--config", config, "--state", state, "--at", "1795354622"] + arguments)
            .finish()
    }

    @Test("shows every gate's verdict with the observed values and limits, without any Redis")
    func text() async throws {
        let result = try await evaluate("symbol=BTCUSDT", "side=BUY", "qty=0.02", "price=100000")
        #expect(result.errors == "")
        #expect(result.status == 0)
        #expect(
            result.output == """
                plan evaluated  BTCUSDT  block by p28-budget: p28_budget_violation
                  1. p28-budget  [enforce]  blocked  p28_budget_violation
                     budget_usd=1820.93  position_notional=3000  over_budget=1179.07  position_after=0.03  \
                reserved_qty=0  price=100000  budget_age_sec=22
                  2. heat  [shadow]  pass
                     heat=0.06  projected_heat=0.0602  warm=0.25  hot=0.65  sigma=0.01  \
                equity_usd=100000  heat_age_sec=22  reserved_risk_usd=0

                """)
    }

    @Test("shows what is under way in the accounts that the plan was judged by")
    func underWay() async throws {
        let state = try folder.write(
            """
            {
              "quantum:portfolio:budget:BTCUSDT": { "budget_usd": "1000", "mode": "enforce", "timestamp": 1795354600 },
              "quantum:position:snapshot:BTCUSDT": {
                "position_amt": "0", "mark_price": "100000", "ts_epoch": "1795354610"
              },
              "quantum:governor:account:position:BTCUSDT": {
                "t:0": "600000", "t:3": "200000000", "g:host.1795354700000:0": "500000",
                "g:host.1795354700000:3": "200000000", "x:1795354621000:0": "100000"
              },
              "quantum:governor:account:heat": { "t:0": "1250000000" }
            }
            """, to: "accounts.json")
        let result = try await HostProcess(
            [
                "evaluate", "--config", config, "--state", state, "--at", "1795354622", "symbol=BTCUSDT", "side=BUY",
                "qty=0.005", "price=100000",
            ]
        ).finish()
        #expect(result.output.contains("block by p28-budget"))
        #expect(result.output.contains("position_notional=1100"))
        let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("  under way") }
        #expect(
            lines == [
                "  under way in heat: held 12.5", "  under way in position:BTCUSDT: buy 0.006",
                "  under way in position:BTCUSDT: capped_sell 2",
            ])
    }

    @Test("replays a record that could not be read as just that")
    func unreadable() async throws {
        let state = try folder.write(
            #"{"quantum:portfolio:budget:BTCUSDT": {"error": "WRONGTYPE"}}"#, to: "unreadable.json")
        let result = try await HostProcess(
            ["evaluate", "--config", config, "--state", state, "symbol=BTCUSDT", "side=BUY", "qty=1", "price=1"]
        ).finish()
        #expect(result.output.contains("failed open  input_unavailable (WRONGTYPE)"))
    }

    @Test("gives JSON for machines")
    func json() async throws {
        let result = try await evaluate(
            "--json", "symbol=BTCUSDT", "side=SELL", "qty=0.01", "reduceOnly=true", "plan_id=p1")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["plan_id"] as? String == "p1")
        #expect(object["outcome"] as? String == "permit")
        #expect((object["gates"] as? [[String: Any]])?.map { $0["verdict"] as? String } == ["pass", "pass"])
        #expect((object["permit"] as? [String: Any])?["computed_qty"] as? Double == 0.01)
    }

    @Test("reads plans as JSON lines, and says which line is wrong")
    func lines() async throws {
        let good = try folder.write(
            """
            {"plan_id":"a","symbol":"BTCUSDT","decision":"SKIP"}

            {"name":"x","fields":{"plan_id":"b"}}

            """, to: "good")
        let result = try await evaluate("--plans", good)
        #expect(result.output == "plan a  BTCUSDT  skip: decision_not_execute\nplan b    skip: decision_not_execute\n")
        let bad = try folder.write("{\"plan_id\":\"a\"}\n{\"plan_id\": [1]}\n", to: "bad")
        let refused = try await evaluate("--plans", bad)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("bad:2: not a plan: 'plan_id' is not a text, number or boolean"))
    }

    @Test("reads state from Redis and writes nothing")
    func redis() async throws {
        let redis = try RedisFixture()
        try redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", "100", "mode", "enforce", "timestamp",
            "1795354600")
        try redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", "0", "mark_price", "101", "ts_epoch",
            "1795354600")
        let result = try await HostProcess(
            ["evaluate", "--config", config, "--at", "1795354622", "symbol=BTCUSDT", "side=BUY", "qty=1", "price=101"],
            environment: ["REDIS_URL": redis.server.url]
        ).finish()
        #expect(result.output.hasPrefix("plan evaluated  BTCUSDT  block by p28-budget: p28_budget_violation\n"))
        #expect(try redis.command("DBSIZE").integer == 2)
    }

    @Test("says that an order over the budget is granted capped while no snapshot proves the position")
    func capped() async throws {
        let state = try folder.write(
            """
            { "quantum:portfolio:budget:BTCUSDT": { "budget_usd": "100", "mode": "enforce", "timestamp": 1795354600 } }
            """, to: "budget.json")
        let result = try await HostProcess(
            [
                "evaluate", "--config", config, "--state", state, "--at", "1795354622", "--json", "symbol=BTCUSDT",
                "side=BUY", "qty=1", "price=101",
            ]
        ).finish()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["outcome"] as? String == "permit")
        #expect(object["reason"] as? String == "p28_close_only")
        #expect((object["permit"] as? [String: Any])?["reduce_only"] as? Bool == true)
    }
}
