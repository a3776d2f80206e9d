import GateAPI
import Hummingbird
import JSONText
import Redis
import TradingState

/// The endpoints that read budgets: a budget, and a check of a position.
struct BudgetEndpoints: Sendable {
    let redis: RequestConnection
    let mode: ModeControl
    let metrics: RiskMetrics
    /// The budget for a hash that lacks `budget_usd`.
    let maximumBudget: Amount

    /// Returns the hash unchanged; every value is a string.
    func budget(of symbol: String) async -> RiskResponse {
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
        return RiskResponse(.ok, json)
    }

    /// Checks a position against its budget. Fails open: a position that cannot be checked passes, and the response
    /// gives the reason.
    func check(_ query: [String: String]) async throws(ValidationError) -> RiskResponse {
        var parameters = ParameterReader(query: query)
        let symbol = parameters.text("symbol")
        let notional = parameters.number("position_notional")
        try parameters.check()
        guard let symbol, let notional else { return failOpen("unreadable parameters") }

        let fields: Fields?
        do throws(RedisError) {
            fields = try await record(symbol)
        } catch {
            metrics.recordCheck(symbol, hasBudget: false, isBlocked: false)
            return failOpen("error_fail_open: \(error)")
        }
        guard let fields else {
            metrics.count(.budgetHash)
            metrics.recordCheck(symbol, hasBudget: false, isBlocked: false)
            return failOpen("no_budget_data_fail_open")
        }
        let budget: Amount
        switch fields.amount("budget_usd", rounding: .towardZero) {
        case .value(let value): budget = value
        case .absent: budget = maximumBudget
        case .malformed, .nonFinite:
            metrics.count(.budgetHash)
            metrics.recordCheck(symbol, hasBudget: true, isBlocked: false)
            return failOpen("error_fail_open: budget_usd is no finite number")
        }
        return verdict(symbol, over: max(.zero, (try? notional - budget) ?? .max), budget)
    }

    private func verdict(_ symbol: String, over: Amount, _ budget: Amount) -> RiskResponse {
        let mode = mode.current
        metrics.recordCheck(symbol, hasBudget: true, isBlocked: over.isPositive && mode == .enforce)
        var json = JSONObject()
        json.add("violation", literal: over.isPositive ? "true" : "false")
        json.add("budget_usd", number: budget.pythonFloat)
        json.add("over_budget", number: over.pythonFloat)
        json.add("mode", mode.rawValue)
        json.add("enforce", literal: mode == .enforce ? "true" : "false")
        return RiskResponse(.ok, json)
    }

    private func failOpen(_ reason: String) -> RiskResponse {
        var json = JSONObject()
        json.add("violation", literal: "false")
        json.add("budget_usd", literal: "null")
        json.add("over_budget", number: "0.0")
        json.add("mode", mode.current.rawValue)
        json.add("reason", reason)
        return RiskResponse(.ok, json)
    }

    /// `nil` if there is no such hash, or if the name is not a valid symbol.
    private func record(_ name: String) async throws(RedisError) -> Fields? {
        guard let symbol = Symbol(name) else { return nil }
        return try await redis.perform { (connection) throws(RedisError) in
            let reply = try connection.command("HGETALL", BudgetRecord.keyPrefix + symbol.name)
            return try? reply.hash.get()
        }
    }
}
