package import GateAPI
import TradingState

/// The source of the heat in a cycle.
package enum HeatSource: Sendable, Equatable {
    /// Computed from the positions.
    case positions
    /// Read from an exporter; `nil` if the exporter gave no usable value.
    case exporter(Ratio?)
}

/// Computes the budgets of all symbols from the inputs read. Pure: the same arguments give the same records.
package struct BudgetComputation: Sendable {
    package let parameters: BudgetParameters
    package let cap: BudgetCap
    package let defaultSigma: Amount
    package let warmHeat: Amount
    package let hotHeat: Amount
    private let maximumPositionAge: Duration

    package init(_ settings: RiskSettings) {
        parameters = settings.budgetParameters
        cap = BudgetCap(multiple: settings.budgetSumCap)
        defaultSigma = settings.defaultSigma
        warmHeat = settings.warmHeat
        hotHeat = settings.hotHeat
        maximumPositionAge = settings.maximumPositionAge.duration
    }

    package struct Result: Sendable {
        package var budgets: [BudgetRecord] = []
        /// `nil` if no heat is known. The old record then expires by itself.
        package var heat: HeatRecord?
        package var problems: [InputProblem: Int] = [:]
        var positions = PositionHeat([], maximumAge: .zero, now: Timestamp(seconds: 0)) { _ in .zero }
        /// The age of the oldest position that counts.
        package var positionAge: Duration? { positions.oldest }
        /// Σ |quantity × mark| of the positions that count and have a price, in USD.
        package var grossExposure: Amount {
            positions.sum.grossExposure.rounded(toDecimals: HeatSum.decimals, .awayFromZero)
        }
        package var sum = BudgetSum()
        /// How the inputs of each budget came about, in the order of `budgets`.
        package var origins: [InputOrigins] = []

        fileprivate mutating func count(_ problem: InputProblem, by amount: Int = 1) {
            guard amount > 0 else { return }
            problems[problem, default: 0] += amount
        }
    }

    /// - Parameters:
    ///   - positions: the symbols whose positions count in the heat; by default the same.
    ///   - reserved: the sum of live budgets that this computation does not renew, in USD.
    package func callAsFunction(
        _ symbols: [SymbolInputs], positions: [SymbolInputs]? = nil, heat source: HeatSource, state: ResolvedState,
        mode: RiskMode, now: Timestamp, reserved: Amount = .zero
    ) -> Result {
        var result = Result()
        let heat = heat(positions ?? symbols, source, state, now, &result)
        for inputs in symbols {
            let stressInputs = StressInputs(
                heat: heat, cluster: cluster(inputs, &result), volatility: volatility(inputs, &result))
            let stress = parameters.stress(stressInputs)
            let terms = parameters.terms(equity: state.state.equity, stress: stress) ?? .none
            result.budgets.append(
                BudgetRecord(
                    symbol: inputs.symbol, budget: terms.budget, terms: terms, stress: stress, inputs: stressInputs,
                    state: state, mode: mode, baseRisk: parameters.baseRisk, timestamp: now))
            result.origins.append(InputOrigins(inputs))
        }
        share(&result, equity: state.state.equity, reserved)
        return result
    }

    private func share(_ result: inout Result, equity: Amount, _ reserved: Amount) {
        let own = result.budgets.map(\.budget.amount)
        let shares = cap.share(own, equity: equity, reserved: reserved)
        for (index, share) in shares.enumerated() where share != own[index] {
            result.budgets[index].budget.amount = share
            result.budgets[index].budget.isShared = true
        }
        result.sum = BudgetSum(
            own: BudgetCap.sum(own), reserved: reserved, total: BudgetCap.sum(shares + [reserved]),
            limit: cap.limit(equity: equity), isBinding: shares != own)
    }

    /// Unknown heat counts as zero, the least cautious value, so the problem is counted.
    private func heat(
        _ symbols: [SymbolInputs], _ source: HeatSource, _ state: ResolvedState, _ now: Timestamp,
        _ result: inout Result
    ) -> Ratio {
        result.positions = PositionHeat(symbols, maximumAge: maximumPositionAge, now: now, sigma: sigma)
        result.count(.position, by: result.positions.problems)
        let sum = result.positions.sum
        let equity = state.state.equity
        switch source {
        case .exporter(nil):
            result.count(.heat)
            return .zero
        case .exporter(let heat?):
            let risk = (try? heat.amount.multiplied(by: equity, rounding: .awayFromZero)) ?? .max
            // A gate cannot read a negative heat or equity, so no record is written. The formula still uses them.
            if heat >= .zero, equity.isPositive {
                result.heat = record(heat.amount, equity, risk, sum.positions, .exporter, now)
            }
            return heat
        case .positions:
            // Publishers also write flat positions, so no position record that counts means that no publisher is running.
            if result.positionAge == nil { result.count(.heat) }
            // Without any, the positions are not known to be flat, and the heat gate should not read so.
            if result.positionAge == nil, result.positions.problems > 0 { return .zero }
            guard let heat = sum.heat(equity: equity) else { return .zero }
            result.heat = record(heat, equity, sum.totalRisk, sum.positions, .positions, now)
            return Ratio(heat)
        }
    }

    private func record(
        _ heat: Amount, _ equity: Amount, _ risk: Amount, _ positions: Int, _ source: HeatRecord.Source,
        _ now: Timestamp
    ) -> HeatRecord {
        let heat = heat.rounded(toDecimals: HeatSum.decimals, .awayFromZero)
        return HeatRecord(
            heat: PortfolioHeat(heat: heat, equity: equity, computedAt: now),
            bucket: HeatBucket(heat: heat, warm: warmHeat, hot: hotHeat),
            totalRisk: risk.rounded(toDecimals: HeatSum.decimals, .awayFromZero), positions: positions,
            source: source)
    }

    private func sigma(_ inputs: SymbolInputs) -> Amount {
        guard case .success(let fields) = inputs.market, let market = try? MarketState(fields: fields) else {
            return defaultSigma
        }
        return market.sigma ?? defaultSigma
    }

    private func volatility(_ inputs: SymbolInputs, _ result: inout Result) -> Ratio {
        let reading: VolatilityReading
        switch inputs.market {
        case .success(let fields): reading = VolatilityReading(fields: fields)
        case .failure(.missing): reading = .absent
        case .failure: reading = .malformed
        }
        if reading.isMalformed { result.count(.market) }
        return reading.stress
    }

    private func cluster(_ inputs: SymbolInputs, _ result: inout Result) -> Ratio {
        switch inputs.cluster {
        case .failure(.missing): return .zero
        case .failure: break
        case .success(let fields):
            guard let text = fields[ClusterStress.field] else { return .zero }
            if let stress = try? Ratio(text) { return stress }
        }
        result.count(.cluster)
        return .zero
    }
}
