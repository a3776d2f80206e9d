import GateAPI
import Hummingbird
import JSONText
import Redis
import TradingState

/// What other programs ask of the budgets.
struct BudgetEndpoints: Sendable {
    let desk: RedisDesk
    let mode: ModeControl
    let metrics: RiskMetrics
    /// What a budget hash without a budget stands for.
    let maximumBudget: Amount

    static let service = "p2.8-portfolio-risk-governor"

    func health() async -> Answer {
        do throws(RedisError) {
            _ = try await desk.perform { (connection) throws(RedisError) in try connection.command("PING").isNull }
        } catch {
            return .detail(.serviceUnavailable, "Unhealthy: \(error)")
        }
        var json = JSONObject()
        json.add("status", "healthy")
        json.add("service", Self.service)
        json.add("mode", mode.current.rawValue)
        json.add("redis", "connected")
        return Answer(.ok, json)
    }

    /// The hash as it is, every value a string.
    func budget(of symbol: String) async -> Answer {
        var json = JSONObject()
        do throws(RedisError) {
            if let fields = try await record(symbol) {
                for pair in fields.pairs { json.add(pair.name, pair.value) }
            } else {
                json.add("error", "no_budget_data")
            }
        } catch {
            return .detail(.internalServerError, error.description)
        }
        return Answer(.ok, json)
    }

    /// Whether a position is within its budget. Fails open: who cannot be judged passes, and the answer says so.
    func check(_ query: [String: String]) async throws(ValidationError) -> Answer {
        var parameters = ParameterReader(query: query)
        let symbol = parameters.text("symbol")
        let notional = parameters.number("position_notional")
        try parameters.check()
        guard let symbol, let notional else { return failOpen("unreadable parameters") }

        let fields: Fields?
        do throws(RedisError) {
            fields = try await record(symbol)
        } catch {
            metrics.recordCheck(symbol, isBlocked: false)
            return failOpen("error_fail_open: \(error)")
        }
        guard let fields else {
            metrics.count(.budgetHash)
            metrics.recordCheck(symbol, isBlocked: false)
            return failOpen("no_budget_data_fail_open")
        }
        let budget: Amount
        switch fields.amount("budget_usd") {
        case .value(let value): budget = value
        case .absent: budget = maximumBudget
        case .malformed, .nonFinite:
            metrics.count(.budgetHash)
            metrics.recordCheck(symbol, isBlocked: false)
            return failOpen("error_fail_open: budget_usd is no finite number")
        }
        return verdict(symbol, over: max(.zero, (try? notional - budget) ?? .max), budget)
    }

    private func verdict(_ symbol: String, over: Amount, _ budget: Amount) -> Answer {
        let mode = mode.current
        metrics.recordCheck(symbol, isBlocked: over.isPositive && mode == .enforce)
        var json = JSONObject()
        json.add("violation", literal: over.isPositive ? "true" : "false")
        json.add("budget_usd", number: budget.pythonFloat)
        json.add("over_budget", number: over.pythonFloat)
        json.add("mode", mode.rawValue)
        json.add("enforce", literal: mode == .enforce ? "true" : "false")
        return Answer(.ok, json)
    }

    private func failOpen(_ reason: String) -> Answer {
        var json = JSONObject()
        json.add("violation", literal: "false")
        json.add("budget_usd", literal: "null")
        json.add("over_budget", number: "0.0")
        json.add("mode", mode.current.rawValue)
        json.add("reason", reason)
        return Answer(.ok, json)
    }

    /// `nil` where there is no such hash, which a name that no symbol has never has.
    private func record(_ name: String) async throws(RedisError) -> Fields? {
        guard let symbol = Symbol(name) else { return nil }
        return try await desk.perform { (connection) throws(RedisError) in
            let reply = try connection.command("HGETALL", BudgetRecord.keyPrefix + symbol.name)
            return try? reply.hash.get()
        }
    }
}
