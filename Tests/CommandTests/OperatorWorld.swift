import Foundation
import TestSupport
import Testing

/// A private Redis, a deployment file, and the moves of publishers and of an execution layer around a real host.
struct OperatorWorld {
    static let account = "quantum:governor:account:position:BTCUSDT"
    private static let results = "quantum:stream:apply.result"
    let redis: RedisFixture
    let folder: TemporaryFolder
    let config: String

    init(
        _ gates: String = """
          - { gate: p28-budget, mode: enforce }
          - { gate: kill-switch, mode: enforce }
        """, sections: String = ""
    ) throws {
        redis = try RedisFixture()
        folder = try TemporaryFolder()
        config = try folder.write(
            "redis: { url: \"\(redis.server.url)\" }\n\(sections)\nfirst_gate: p28-budget\ngates:\n\(gates)\n",
            to: "gatehost.yaml")
    }

    /// Starts a host and waits until it reads plans.
    func host() async throws -> HostProcess {
        let host = try HostProcess(["run", "--config", config, "--unsupervised"])
        host.discardOutput()
        try await eventually("a consumer group") {
            (try? redis.command("XINFO", "GROUPS", RedisFixture.planStream))?.count == 1
        }
        return host
    }

    /// Runs a command of the operator to its end.
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> HostProcess.Result {
        try await HostProcess(arguments + ["--config", config], environment: environment).finish()
    }

    func json(_ symbol: String) async throws -> [String: Any] {
        let result = try await run("exposure", symbol, "--json")
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    func setBudget(_ amount: String) throws {
        try redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", amount, "mode", "enforce", "timestamp",
            "\(Int(Date().timeIntervalSince1970))")
    }

    func snapshot(_ fields: String..., age: Int = 0) throws {
        try redis.send(
            ["HSET", "quantum:position:snapshot:BTCUSDT", "mark_price", "100000", "ts_epoch"]
                + ["\(Int(Date().timeIntervalSince1970) - age)"] + fields)
    }

    /// Publishes a plan and waits for its outcome.
    func decide(
        _ plan: String, _ side: String, _ quantity: String, reduceOnly: Bool = false, source: String = "intent_bridge",
        symbol: String = "BTCUSDT"
    ) async throws -> String {
        let before = try redis.decisionCount()
        let pairs = Plans.open(plan, symbol, side: side, quantity: quantity).map { pair in
            switch pair.name {
            case "reduceOnly": (name: pair.name, value: "\(reduceOnly)")
            case "source": (name: pair.name, value: source)
            default: pair
            }
        }
        try redis.publish([pairs], to: RedisFixture.planStream)
        try await redis.waitForDecisions(before + 1)
        return try redis.entries(RedisFixture.decisionStream).last?["outcome"] ?? ""
    }

    func consume(_ plan: String) throws {
        #expect(try redis.command("GETDEL", "quantum:permit:\(plan)").text != nil)
    }

    /// Reports a plan as executed, and waits until its grant says so.
    func reportExecuted(_ plan: String) async throws {
        try redis.command("XADD", Self.results, "*", "plan_id", plan, "symbol", "BTCUSDT", "executed", "True")
        try await eventually("settlement") {
            try redis.command("GET", "quantum:governor:outcome:\(plan)").text?.contains(" executed ") == true
        }
    }
}
