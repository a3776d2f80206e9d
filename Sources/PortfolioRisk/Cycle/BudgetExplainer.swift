import GateAPI
import TradingState

/// Puts the terms of a computed budget into words. It computes no budget: every number is one of the computation's.
struct BudgetExplainer: Sendable {
    struct Term: Sendable, Equatable {
        let name: String
        let value: String
        let how: String
        /// The record or setting behind it; empty if it follows from the terms before.
        var source = ""
        var age: Duration?
    }

    let computation: BudgetComputation
    let heatURL: String?

    /// From the equity to the budget; `nil` if the cycle computed none for the symbol.
    func terms(of symbol: Symbol, _ outcome: CycleOutcome) -> [Term]? {
        guard let result = outcome.result, let index = result.budgets.firstIndex(where: { $0.symbol == symbol }) else {
            return nil
        }
        let record = result.budgets[index]
        return equity(record) + stress(record, result.origins[index], result) + budget(record, result.sum)
    }

    /// Why a symbol has no budget.
    func absence(of symbol: Symbol, _ outcome: CycleOutcome) -> String {
        guard outcome.result == nil else {
            return """
                \(symbol) has no budget: it has no position, and neither SYMBOL_UNIVERSE nor a recent plan names it; or \
                MAX_SYMBOLS is reached
                """
        }
        return switch outcome.belief.resolution {
        case .tooOld(let age): "no symbol has a budget: the portfolio state is \(age.seconds) s old"
        case .withoutEquity: "no symbol has a budget: there is no positive equity, and P28_ON_NO_EQUITY is none"
        case .nothing, .usable: "no symbol has a budget: no portfolio state is known"
        }
    }

    private func equity(_ record: BudgetRecord) -> [Term] {
        let state = record.state
        return [
            Term(
                name: "equity_usd", value: state.state.equity.description, how: state.source.rawValue,
                source: state.source == .fresh ? PortfolioState.key : PortfolioStateMemory.key, age: state.age),
            Term(name: "base_risk", value: record.baseRisk.description, how: "setting", source: "BASE_RISK_PCT"),
        ]
    }

    private func stress(_ record: BudgetRecord, _ origins: InputOrigins, _ result: BudgetComputation.Result) -> [Term] {
        let weights = computation.parameters
        let weighted = weights.contributions(record.inputs)
        func term(_ name: String, _ value: Ratio, _ weight: Amount, _ input: Ratio, _ note: String, _ source: String)
            -> Term
        {
            Term(name: name, value: value.description, how: "\(input) × weight \(weight); \(note)", source: source)
        }
        var heat = term("stress_heat", weighted.heat, weights.alpha, record.inputs.heat, heatNote(result), heatSource)
        heat.age = heatURL == nil ? result.positionAge : nil
        return [
            heat,
            term(
                "stress_cluster", weighted.cluster, weights.beta, record.inputs.cluster, origins.cluster.note,
                origins.cluster.key),
            term(
                "stress_volatility", weighted.volatility, weights.gamma, record.inputs.volatility, origins.market.note,
                origins.market.key),
            Term(name: "stress", value: record.stress.description, how: "the sum of the three, within 0 and 1"),
        ]
    }

    private func heatNote(_ result: BudgetComputation.Result) -> String {
        guard let heat = result.heat else { return "unknown: counts as 0" }
        guard heat.source == .positions else { return "of the exporter" }
        return "risk \(heat.totalRisk) USD of \(heat.positions) positions / equity"
    }

    private var heatSource: String {
        heatURL == nil ? "quantum:position:snapshot:*, quantum:state:positions:*" : "HEAT_GATE_METRICS_URL"
    }

    private func budget(_ record: BudgetRecord, _ sum: BudgetSum) -> [Term] {
        let parameters = computation.parameters
        var terms = [
            Term(
                name: "formula_usd", value: record.terms.formula.description,
                how: "equity × base risk × (1 − stress), rounded toward zero"),
            Term(
                name: "bounded_usd", value: record.terms.bounded.description,
                how: "at least \(parameters.minimum), at most \(parameters.maximum)",
                source: "MIN_BUDGET_K, MAX_BUDGET_K"),
            Term(
                name: "own_usd", value: record.terms.budget.amount.description,
                how: record.terms.budget.isCappedAtEquity ? "capped at the equity" : "the equity does not cap it",
                source: "CAP_AT_EQUITY"),
        ]
        let how =
            switch sum.limit {
            case nil: "no limit on the sum of budgets"
            case let limit? where record.budget.isShared:
                "× limit / sum: all budgets ask for \(sum.own) USD and may have \(limit), \(sum.reserved) of it reserved"
            case let limit?: "the sum of budgets, \(sum.total) USD, is within \(limit)"
            }
        terms.append(
            Term(
                name: "budget_usd", value: record.budget.amount.description, how: how, source: "P28_BUDGET_SUM_CAP"))
        return terms
    }
}
