package import GateAPI
package import Telemetry
import TradingState

/// The metrics of the service, all registered at the start. The number of symbol labels is capped; all other labels are
/// closed sets.
package struct RiskMetrics: Sendable {
    private static let symbolLimit = LabelledSymbols.mostSymbols
    /// The label of all symbols without series of their own.
    private static let otherSymbols = "other"

    let enforceMode: Gauge
    let writeFailures: Counter
    private let lastKnownGoodUsed: Counter
    let portfolioTooOld: Counter
    let missingState: Counter
    let invalidEquity: Counter
    let modeChanges: Counter
    let unauthorized: Counter
    let symbolsDropped: Counter
    private let computed: CounterFamily<1>
    private let blocks: CounterFamily<1>
    private let allows: CounterFamily<1>
    private let budgetValue: GaugeFamily<1>
    private let stressFactor: GaugeFamily<1>
    private let problems: [InputProblem: Counter]
    private let stateAge: Gauge
    private let positionAge: Gauge
    private let cycles: Counter
    private let failedCycles: Counter
    private let fencedCycles: Counter
    private let cycleDuration: Histogram
    private let lastCycle: Gauge
    private let symbols: Gauge
    private let capped: Gauge
    private let heat: Gauge
    private let stalePositions: Gauge
    private let labelled: LabelledSymbols
    private let equity: EquityMetrics

    /// - Parameter universe: symbols with series of their own, whatever they have.
    package init(_ registry: MetricRegistry, universe: [Symbol] = []) throws(MetricError) {
        labelled = LabelledSymbols(universe.map(\.name))
        enforceMode = try registry.gauge(
            "p28_enforce_mode", help: "1 if budgets are written for Gate 0 to enforce, 0 in shadow.")
        try LogLosses.process.register("p28_log_lines_lost_total", in: registry)
        writeFailures = try registry.counter("p28_redis_write_fail_total", help: "Records that Redis refused.")
        lastKnownGoodUsed = try registry.counter(
            "p28_lkg_cache_used_total",
            help: "Budgets that were computed from the last known good portfolio state, one per symbol and cycle.")
        portfolioTooOld = try registry.counter(
            "p28_portfolio_too_old_total", help: "Computations abandoned because the last known good state is too old.")
        missingState = try registry.counter(
            "p28_missing_portfolio_state_total", help: "Computations that found no readable portfolio state.")
        invalidEquity = try registry.counter(
            "p28_invalid_equity_total",
            help: "Computations that found an equity that is zero, negative or not a number.")
        modeChanges = try registry.counter("p28_mode_changes_total", help: "Changes of mode at run time.")
        unauthorized = try registry.counter(
            "p28_mode_unauthorized_total", help: "Requests for a change of mode that were refused.")
        symbolsDropped = try registry.counter(
            "p28_symbols_dropped_total", help: "Symbols left without a budget because there were too many.")
        computed = try registry.counterFamily(
            "p28_budget_computed_total", help: "Budgets written.", labels: ["symbol"], limit: Self.symbolLimit)
        blocks = try registry.counterFamily(
            "p28_budget_blocks_total", help: "Budget checks that found a violation in enforce.", labels: ["symbol"],
            limit: Self.symbolLimit)
        allows = try registry.counterFamily(
            "p28_budget_allow_total", help: "Budget checks that passed.", labels: ["symbol"], limit: Self.symbolLimit)
        budgetValue = try registry.gaugeFamily(
            "p28_budget_value_usd", help: "The newest budget.", labels: ["symbol"], limit: Self.symbolLimit)
        stressFactor = try registry.gaugeFamily(
            "p28_stress_factor", help: "The newest stress, 0 to 1.", labels: ["symbol"], limit: Self.symbolLimit)
        var problems: [InputProblem: Counter] = [:]
        for problem in InputProblem.allCases {
            problems[problem] = try registry.counter(
                "p28_stale_input_total", help: "Inputs that were stale, missing or malformed.",
                labels: [("input_type", problem.rawValue)])
        }
        self.problems = problems
        func age(_ input: InputProblem) throws(MetricError) -> Gauge {
            try registry.gauge(
                "p28_input_age_seconds", help: "Age of an input by its own timestamp.",
                labels: [("input_type", input.rawValue)])
        }
        stateAge = try age(.portfolioState)
        positionAge = try age(.position)
        cycles = try registry.counter(
            "p28_cycles_total", help: "Computations, by outcome.", labels: [("outcome", "done")])
        failedCycles = try registry.counter(
            "p28_cycles_total", help: "Computations, by outcome.", labels: [("outcome", "failed")])
        fencedCycles = try registry.counter(
            "p28_cycles_total", help: "Computations, by outcome.", labels: [("outcome", "fenced")])
        cycleDuration = try registry.histogram(
            "p28_cycle_duration_seconds", help: "Duration of a computation with its reads and writes.",
            buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
        lastCycle = try registry.gauge(
            "p28_last_computation_timestamp_seconds", help: "When budgets were last written.")
        symbols = try registry.gauge("p28_symbols", help: "Symbols that got a budget in the newest computation.")
        capped = try registry.gauge(
            "p28_budgets_capped_at_equity", help: "Budgets capped at the equity in the newest computation.")
        heat = try registry.gauge("p28_portfolio_heat", help: "The newest heat.")
        stalePositions = try registry.gauge(
            "p28_positions_stale", help: "Open positions that are too old to count in the newest heat.")
        equity = try EquityMetrics(registry)
    }
}

extension RiskMetrics {
    func record(_ mode: RiskMode) {
        enforceMode.set(mode == .enforce ? 1 : 0)
    }

    func count(_ problem: InputProblem, by amount: Int = 1) {
        problems[problem]?.increment(by: amount)
    }

    /// Counts the outcome for the portfolio state, and whether the observed state was missing or stale.
    func record(_ resolution: StateResolution, missing: Bool, stale: Bool) {
        if missing { missingState.increment() }
        if stale { count(.portfolioState) }
        switch resolution {
        case .usable(let state):
            stateAge.set(Self.number(state.age.seconds))
        case .tooOld(let age):
            stateAge.set(Self.number(age.seconds))
            portfolioTooOld.increment()
        case .withoutEquity(let state):
            stateAge.set(Self.number(state.age.seconds))
            invalidEquity.increment()
        case .nothing: break
        }
    }

    func record(_ result: BudgetComputation.Result, written: [BudgetRecord], at now: Timestamp) {
        for (problem, count) in result.problems { self.count(problem, by: count) }
        if let age = result.positionAge { positionAge.set(Self.number(age.seconds)) }
        if let heat = result.heat { self.heat.set(Self.number(heat.heat.heat)) }
        symbols.set(Double(result.budgets.count))
        equity.record(result)
        lastKnownGoodUsed.increment(by: result.budgets.count { $0.state.source == .lastKnownGood })
        capped.set(Double(result.budgets.count { $0.budget.isCappedAtEquity }))
        stalePositions.set(Double(result.positions.stale.count))
        for budget in written {
            let hasPosition = result.positions.symbols.contains(budget.symbol)
            guard labelled.admit(budget.symbol, hasPosition: hasPosition, hasBudget: true) else {
                computed.increment(Self.otherSymbols)
                continue
            }
            computed.increment(budget.symbol.name)
            budgetValue.set(budget.symbol.name, to: Self.number(budget.budget.amount))
            stressFactor.set(budget.symbol.name, to: budget.stress.approximate)
        }
        if !written.isEmpty { lastCycle.set(Self.number(now.epochSeconds)) }
    }

    func record(_ belief: EquityBelief, after before: HeldEquity?) {
        equity.record(belief, after: before)
    }

    /// This instance stands by: the equity and the sums are those that another one believes and writes.
    func recordStandby() {
        equity.clear()
    }

    func recordCycle(_ duration: Duration) {
        cycles.increment()
        cycleDuration.observe(duration)
    }

    func recordFailedCycle() {
        failedCycles.increment()
    }

    /// Another instance holds the lease, so that Redis refused the cycle.
    func recordFencedCycle() {
        fencedCycles.increment()
    }

    /// - Parameter hasBudget: whether there is a budget record, so that the symbol exists.
    func recordCheck(_ name: String, hasBudget: Bool, isBlocked: Bool) {
        let symbol = Symbol(name).flatMap {
            labelled.admit($0, hasPosition: false, hasBudget: hasBudget) ? $0.name : nil
        }
        (isBlocked ? blocks : allows).increment(symbol ?? Self.otherSymbols)
    }

    func record(_ selection: SymbolSelection, isScanCut: Bool) {
        symbolsDropped.increment(by: selection.dropped)
        if isScanCut { count(.position) }
    }

    /// Gauges are binary floating point; no decision uses them.
    static func number(_ amount: Amount) -> Double { Double(amount.description) ?? 0 }
}
