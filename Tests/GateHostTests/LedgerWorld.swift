import GateAPI
import GateHost
import P28Budget
import Platform
import Redis
import TestSupport
import Testing
import TradingState

/// A private Redis with a budget, a flat position at 100,000 USD, and the moves of publishers and of an execution layer.
struct LedgerWorld {
    static let account = "quantum:governor:account:position:BTCUSDT"
    private static let results = "quantum:stream:apply.result"
    let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
        try setBudget("1000")
        try snapshot("0")
    }

    func host(_ sections: String = "", gate: String = "  - { gate: p28-budget, mode: enforce }") throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(gate, types: [P28Budget.self], url: redis.server.url, sections: sections))
    }

    /// A plan's fields.
    struct Plan {
        let pairs: Plans.Pairs

        static func open(_ plan: String, _ side: String, _ quantity: String, _ more: [String] = []) -> Plan {
            let own = extra(more)
            let pairs = Plans.open(plan, side: side, quantity: quantity, price: "100000")
            return Plan(pairs: pairs.filter { pair in !own.contains { $0.name == pair.name } } + own)
        }

        static func close(_ plan: String, _ side: String?, _ quantity: String?, _ more: [String] = []) -> Plan {
            var pairs = [
                ("plan_id", plan), ("symbol", "BTCUSDT"), ("decision", "EXECUTE"), ("action", "FULL_CLOSE_PROPOSED"),
            ]
            if let side { pairs.append(("side", side)) }
            if let quantity { pairs.append(("qty", quantity)) }
            return Plan(pairs: pairs.map { (name: $0.0, value: $0.1) } + extra(more))
        }

        static func partial(_ plan: String, _ action: String) -> Plan {
            Plan(pairs: [
                (name: "plan_id", value: plan), (name: "symbol", value: "BTCUSDT"),
                (name: "decision", value: "EXECUTE"),
                (name: "action", value: action),
            ])
        }

        private static func extra(_ more: [String]) -> Plans.Pairs {
            stride(from: 0, to: more.count, by: 2).map { (name: more[$0], value: more[$0 + 1]) }
        }
    }

    func publish(_ plans: [Plan]) throws {
        try redis.publish(plans.map(\.pairs), to: RedisFixture.planStream)
    }

    /// Publishes a plan and waits for its outcome.
    func decide(_ plan: Plan) async throws -> String {
        let before = try redis.decisionCount()
        try publish([plan])
        try await redis.waitForDecisions(before + 1)
        return try lastRecord()["outcome"] ?? ""
    }

    func outcomes() throws -> [String?] {
        try redis.entries(RedisFixture.decisionStream).map { $0["outcome"] }
    }

    func lastRecord() throws -> [String: String] {
        try #require(try redis.entries(RedisFixture.decisionStream).last)
    }

    func setBudget(_ amount: String) throws {
        try redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", amount, "mode", "enforce", "timestamp",
            "\(WallClock.now().milliseconds / 1_000)")
    }

    /// Writes a snapshot stamped some seconds from now.
    func snapshot(_ position: String, ahead: Double = 0) throws {
        let moment = WallClock.now().milliseconds + Int64(ahead * 1_000)
        try redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", position, "mark_price", "100000", "ts_epoch",
            "\(moment / 1_000).\(String(1_000 + moment % 1_000).dropFirst())")
    }

    func consume(_ plan: String) throws {
        #expect(try redis.command("GETDEL", "quantum:permit:\(plan)").text != nil)
    }

    /// Reports a plan, and waits until the report is settled.
    func report(_ plan: String, executed: String, _ more: [String] = []) async throws {
        try redis.send(
            [
                "XADD", Self.results, "*", "plan_id", plan, "symbol", "BTCUSDT", "decision", "EXECUTE", "executed",
                executed,
            ]
                + more)
        try await eventually("settlement") {
            let groups = try redis.command("XINFO", "GROUPS", Self.results)
            guard let group = groups.element(0)?.elements.map(\.text), group.count > 7 else { return false }
            let lag = try redis.command("XINFO", "GROUPS", Self.results).element(0)?.element(11)?.integer
            let pending = try redis.command("XPENDING", Self.results, "governor-reservations").element(0)?.integer
            return lag == 0 && pending == 0
        }
    }

    /// The totals as `lane=amount …`.
    func totals() throws -> String {
        try redis.totals(of: Self.account)
    }

    func outcome(_ plan: String) throws -> String {
        try redis.command("GET", "quantum:governor:outcome:\(plan)").text.map { String($0) } ?? ""
    }

    func permit(_ plan: String) throws -> String {
        try redis.command("GET", "quantum:permit:\(plan)").text.map { String($0) } ?? ""
    }
}
