package import GateAPI
package import Logging
import Platform
package import Redis
import Telemetry
import TradingState

/// Reads the inputs, computes the budgets and writes the records, once per call.
///
/// An actor on its own thread, because its connection blocks. Cycles never overlap.
package actor RiskEngine {
    private let executor = BlockingExecutor(label: "portfolio-risk.cycle")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let settings: RiskSettings
    private let redis: RedisConfiguration
    private let mode: ModeControl
    private let lease: LeaseControl
    private let metrics: RiskMetrics
    private let clock: @Sendable (_ redis: Timestamp) -> Timestamp
    private let board: CycleBoard
    private let computation: BudgetComputation
    private var connection: RedisConnection?
    private var scan = PositionScan()
    private var plans: PlanSymbols
    private var beliefs: EquityBeliefs
    private var live = LiveBudgets()
    private var writer: CycleWriter
    private var log: CycleLog
    private var positionLog: PositionLog

    /// - Parameter clock: gives the time of a cycle from that of Redis; tests set it.
    package init(
        _ settings: RiskSettings, redis: RedisConfiguration, mode: ModeControl, lease: LeaseControl,
        metrics: RiskMetrics, logger: Logger, board: CycleBoard? = nil,
        clock: @escaping @Sendable (_ redis: Timestamp) -> Timestamp = { $0 }
    ) {
        self.settings = settings
        self.redis = redis
        self.mode = mode
        self.lease = lease
        self.metrics = metrics
        self.clock = clock
        self.board = board ?? CycleBoard(lease)
        computation = BudgetComputation(settings)
        beliefs = EquityBeliefs(settings, metrics, logger)
        writer = CycleWriter(settings, metrics)
        plans = PlanSymbols(redis, lookback: settings.planLookback, logger: logger)
        log = CycleLog(logger)
        positionLog = PositionLog(logger, limit: settings.maximumSymbols)
    }

    /// Throws if Redis as a whole fails; the next call reconnects. One refused record does not affect the others.
    @discardableResult
    package func cycle(heat: HeatSource) throws(RedisError) -> CycleReport {
        let start = ContinuousClock.now
        do throws(RedisError) {
            let connection = try connected()
            let report = try run(connection, heat)
            metrics.record(mode.current)
            if report.isFenced { metrics.recordFencedCycle() } else { metrics.recordCycle(ContinuousClock.now - start) }
            log.log(report)
            return report
        } catch {
            connection?.close()
            connection = nil
            plans.disconnect()
            if !Task.isCancelled { metrics.recordFailedCycle() }
            throw error
        }
    }

    private func connected() throws(RedisError) -> RedisConnection {
        if let connection { return connection }
        let connection = try RedisConnection(redis)
        self.connection = connection
        return connection
    }

    private func run(_ redis: RedisConnection, _ heat: HeatSource) throws(RedisError) -> CycleReport {
        var connection = CycleConnection(redis)
        guard let term = lease.term else { return .fenced(mode.current, connection) }
        let portfolio = try PortfolioInputs.read(
            &connection, scan: &scan, secondStateKey: settings.secondStateKey)
        let now = clock(portfolio.time)
        if let held = portfolio.mode { try reconcileMode(held, redis, now) }

        let belief = beliefs.believe(portfolio, in: term, now: now)
        var result: BudgetComputation.Result?
        if let state = belief.resolution.state(onNoEquity: settings.onNoEquity) {
            result = try compute(state, heat, now, &connection)
        }
        let written = try writer.write(
            result, memory: beliefs.memory(after: belief.resolution),
            CycleSummary.record(belief, result, term: term, now: now), term, mode.current, &connection)
        guard let written else {
            lease.lose(term)
            return .fenced(mode.current, connection)
        }
        if let result { metrics.record(result, written: written.budgets, at: now) }
        board.post(CycleOutcome(belief: belief, mode: written.mode, computedAt: now, result: result), of: term)
        return CycleReport(
            resolution: belief.resolution, mode: written.mode, symbols: result?.budgets.count ?? 0,
            written: written.budgets.count, roundTrips: connection.roundTrips, heat: result?.heat?.heat.heat,
            refused: written.refused, isFenced: false)
    }

    private func compute(
        _ state: ResolvedState, _ heat: HeatSource, _ now: Timestamp, _ connection: inout CycleConnection
    ) throws(RedisError) -> BudgetComputation.Result {
        let (universe, recent) = (settings.universe.symbols, plans.read())
        let inputs = try SymbolInputs.read(
            &connection, SymbolSelection.candidates(positions: scan.symbols, universe: universe, plans: recent),
            misspelled: scan.misspelled, clusters: settings.clusters.clusters)
        let selection = SymbolSelection(inputs, universe: universe, plans: recent, limit: settings.maximumSymbols)
        let reserved = live.sum(besides: selection.chosen.map(\.symbol), now: now)
        let result = computation(
            selection.chosen, positions: inputs, heat: heat, state: state, mode: mode.current, now: now,
            reserved: reserved)
        // Before they are written: a write that seems to fail may have been executed.
        live.add(result.budgets, for: .seconds(settings.budgetLifetime), from: now)
        metrics.record(selection, isScanCut: scan.isCut)
        positionLog.log(result.positions, selection, scan)
        return result
    }

    /// If another instance changes the record meanwhile, the next cycle compares again.
    private func reconcileMode(_ held: HeldMode, _ connection: RedisConnection, _ now: Timestamp) throws(RedisError) {
        switch mode.reconcile(held.record, now: now) {
        case .unchanged: return
        case .adopted(let record): log.logAdopted(record)
        case .store(let record):
            guard try ModeScript.write(record, replacing: held, change: nil, to: connection) else { return }
            mode.stored(record)
            log.logStored(record)
        case .superseded(let old, by: let record):
            let change = ModeChange(
                from: old.mode, to: record.mode, origin: .environment, changedAt: now, remote: "")
            let isWritten = try ModeScript.write(
                record, replacing: held, change: old.mode == record.mode ? nil : change, to: connection)
            guard isWritten else { return }
            mode.stored(record)
            log.logSuperseded(old, by: record.mode)
        }
    }
}

extension CycleReport {
    fileprivate static func fenced(_ mode: RiskMode, _ connection: borrowing CycleConnection) -> CycleReport {
        CycleReport(
            resolution: .nothing, mode: mode, symbols: 0, written: 0, roundTrips: connection.roundTrips, heat: nil,
            refused: [], isFenced: true)
    }
}
