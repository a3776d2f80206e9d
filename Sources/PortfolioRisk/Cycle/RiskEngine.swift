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
    private let clock: @Sendable () -> Timestamp
    private let computation: BudgetComputation
    private var connection: RedisConnection?
    private var scan = PositionScan()
    private var plans: PlanSymbols
    private var lastKnownGood: LastKnownGood
    private var log: CycleLog
    private var positionLog: PositionLog
    private var cycles = 0

    package init(
        _ settings: RiskSettings, redis: RedisConfiguration, mode: ModeControl, lease: LeaseControl,
        metrics: RiskMetrics, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp = WallClock.now
    ) {
        self.settings = settings
        self.redis = redis
        self.mode = mode
        self.lease = lease
        self.metrics = metrics
        self.clock = clock
        computation = BudgetComputation(settings)
        lastKnownGood = LastKnownGood(
            freshFor: settings.staleAfter.duration, usableFor: settings.lastKnownGoodFor.duration)
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
        let portfolio = try PortfolioInputs.read(&connection, scan: &scan)
        let now = clock()
        if let held = portfolio.mode { try reconcileMode(held, redis, now) }

        lastKnownGood.restore(portfolio.remembered)
        let resolution = lastKnownGood.resolve(portfolio.state, now: now)
        record(resolution, portfolio.state)
        var symbols = 0
        var result = BudgetComputation.Result()
        if case .usable(let state) = resolution {
            let (universe, recent) = (settings.universe.symbols, plans.read())
            let inputs = try SymbolInputs.read(
                &connection, SymbolSelection.candidates(positions: scan.symbols, universe: universe, plans: recent),
                misspelled: scan.misspelled, clusters: settings.clusters.clusters)
            let selection = SymbolSelection(
                inputs, universe: universe, plans: recent, limit: settings.maximumSymbols)
            symbols = selection.chosen.count
            result = computation(
                selection.chosen, positions: inputs, heat: heat, state: state, mode: mode.current, now: now)
            metrics.record(selection, isScanCut: scan.isCut)
            positionLog.log(result.positions, selection, scan)
        }
        let summary = CycleSummary.record(resolution, budgets: result.budgets, term: term, now: now)
        guard let write = try write(result, resolution, summary, term, &connection) else {
            lease.lose(term)
            return .fenced(mode.current, connection)
        }
        if case .usable = resolution { metrics.record(result, written: write.budgets, at: now) }
        return CycleReport(
            resolution: resolution, mode: write.mode, symbols: symbols, written: write.budgets.count,
            roundTrips: connection.roundTrips,
            heat: result.heat?.heat.heat, refused: write.refused, isFenced: false)
    }

    private func record(_ resolution: StateResolution, _ observed: Result<PortfolioState, InputFailure>) {
        var isFresh = false
        if case .usable(let state) = resolution { isFresh = state.source == .fresh }
        switch observed {
        case .success: metrics.record(resolution, missing: false, stale: !isFresh && resolution != .withoutEquity)
        case .failure(.nonFinite): metrics.record(resolution, missing: false, stale: false)
        case .failure: metrics.record(resolution, missing: true, stale: false)
        }
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

    private struct Write {
        let mode: RiskMode
        let budgets: [BudgetRecord]
        let refused: [String]
    }

    /// Writes all records in one step; `nil` if another instance holds the lease. Redis may refuse single records, such
    /// as keys of another type.
    private func write(
        _ result: BudgetComputation.Result, _ resolution: StateResolution, _ summary: CycleScript.Record,
        _ term: LeaseTerm, _ connection: inout CycleConnection
    ) throws(RedisError) -> Write? {
        let budgets = result.budgets.map {
            CycleScript.Record(key: $0.key, fields: $0.fields, lifetime: settings.budgetLifetime)
        }
        var others: [CycleScript.Record] = []
        if let heat = result.heat {
            others.append(.init(key: HeatRecord.key, fields: heat.fields, lifetime: HeatRecord.lifetime))
        }
        if case .usable(let state) = resolution, state.source == .fresh {
            // Kept for twice its useful time, so that a service that starts in the meantime can tell "too old" from
            // "never seen".
            let lifetime = settings.lastKnownGoodFor.duration.components.seconds * 2
            others.append(
                .init(
                    key: PortfolioStateMemory.key, fields: PortfolioStateMemory.fields(state.state),
                    lifetime: Int(lifetime)))
        }
        cycles += 1
        let script = CycleScript(
            term: term, cycle: cycles, mode: mode.current, budgets: budgets, others: others + [summary])
        let outcome: CycleScript.Outcome
        do throws(RedisError) {
            outcome = try script.send(&connection)
        } catch {
            metrics.writeFailures.increment(by: budgets.count + others.count)
            throw error
        }
        guard case .written(let mode, let refused) = outcome else { return nil }
        metrics.writeFailures.increment(by: refused.count)
        let records = script.budgets + script.others
        let refusedIndexes = Set(refused.map(\.index))
        return Write(
            mode: mode,
            budgets: result.budgets.enumerated().filter { !refusedIndexes.contains($0.offset) }.map(\.element),
            refused: refused.filter { records.indices.contains($0.index) }.map {
                "\(records[$0.index].key): \($0.error.prefix)"
            })
    }
}

extension CycleReport {
    fileprivate static func fenced(_ mode: RiskMode, _ connection: borrowing CycleConnection) -> CycleReport {
        CycleReport(
            resolution: .nothing, mode: mode, symbols: 0, written: 0, roundTrips: connection.roundTrips, heat: nil,
            refused: [], isFenced: true)
    }
}
