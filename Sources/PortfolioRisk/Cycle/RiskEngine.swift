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
    private let metrics: RiskMetrics
    private let clock: @Sendable () -> Timestamp
    private let computation: BudgetComputation
    private var connection: RedisConnection?
    private var scan = PositionScan()
    private var plans: PlanSymbols
    private var lastKnownGood: LastKnownGood
    private var log: CycleLog
    private var positionLog: PositionLog

    package init(
        _ settings: RiskSettings, redis: RedisConfiguration, mode: ModeControl, metrics: RiskMetrics, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp = WallClock.now
    ) {
        self.settings = settings
        self.redis = redis
        self.mode = mode
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
            metrics.recordCycle(ContinuousClock.now - start)
            log.log(report)
            return report
        } catch {
            connection?.close()
            connection = nil
            plans.disconnect()
            metrics.recordFailedCycle()
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
        let portfolio = try PortfolioInputs.read(&connection, scan: &scan)
        let now = clock()
        try reconcileMode(portfolio.mode, &connection, now)
        // Read the mode once, so that all budgets of a cycle carry the same mode.
        let mode = mode.current

        lastKnownGood.restore(portfolio.remembered)
        let resolution = lastKnownGood.resolve(portfolio.state, now: now)
        record(resolution, portfolio.state)
        guard case .usable(let state) = resolution else {
            return CycleReport(
                resolution: resolution, mode: mode, symbols: 0, written: 0, roundTrips: connection.roundTrips,
                heat: nil,
                refused: [])
        }

        let (universe, recent) = (settings.universe.symbols, plans.read())
        let inputs = try SymbolInputs.read(
            &connection, SymbolSelection.candidates(positions: scan.symbols, universe: universe, plans: recent),
            misspelled: scan.misspelled, clusters: settings.clusters.clusters)
        let symbols = SymbolSelection(inputs, universe: universe, plans: recent, limit: settings.maximumSymbols)
        let result = computation(symbols.chosen, positions: inputs, heat: heat, state: state, mode: mode, now: now)
        metrics.record(symbols, isScanCut: scan.isCut)
        positionLog.log(result.positions, symbols, scan)
        let (written, refused) = try write(result, state, &connection)
        metrics.record(result, written: written, at: now)
        return CycleReport(
            resolution: resolution, mode: mode, symbols: symbols.chosen.count, written: written.count,
            roundTrips: connection.roundTrips,
            heat: result.heat?.heat.heat, refused: refused)
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

    private func reconcileMode(_ record: ModeRecord?, _ connection: inout CycleConnection, _ now: Timestamp)
        throws(RedisError)
    {
        switch mode.reconcile(record) {
        case .unchanged: return
        case .adopted(let record): log.logAdopted(record)
        case .superseded(let record):
            let change = ModeChange(
                from: record.mode, to: mode.environment, origin: .environment, changedAt: now, remote: "")
            var pipeline = RedisPipeline()
            pipeline.add("DEL", ModeRecord.key)
            if record.mode != mode.environment {
                pipeline.add(["XADD", ModeChange.stream, "*"] + change.fields.flatMap { [$0.name, $0.value] })
            }
            for reply in try connection.send(pipeline) {
                if let error = reply.error { throw RedisError(error) }
            }
            _ = mode.reconcile(nil)
            log.logSuperseded(record, by: mode.environment)
        }
    }

    /// Writes all records in one round trip. Redis accepts or refuses each by itself.
    private func write(
        _ result: BudgetComputation.Result, _ state: ResolvedState, _ connection: inout CycleConnection
    ) throws(RedisError) -> (written: [BudgetRecord], refused: [String]) {
        var pipeline = RedisPipeline()
        var keys: [String] = []
        func add(_ key: String, _ fields: [(name: String, value: String)], lifetime: Int) {
            pipeline.addHash(key, fields, lifetime: lifetime)
            keys.append(key)
        }
        for budget in result.budgets { add(budget.key, budget.fields, lifetime: settings.budgetLifetime) }
        if let heat = result.heat { add(HeatRecord.key, heat.fields, lifetime: HeatRecord.lifetime) }
        if state.source == .fresh {
            // Kept for twice its useful time, so that a service that starts in the meantime can tell "too old" from
            // "never seen".
            let lifetime = settings.lastKnownGoodFor.duration.components.seconds * 2
            add(PortfolioStateMemory.key, PortfolioStateMemory.fields(state.state), lifetime: Int(lifetime))
        }
        do throws(RedisError) {
            let replies = try connection.send(pipeline)
            if let refusal = replies.refusalByReplica { throw RedisError(refusal) }
            var refused: [String] = []
            var written: [BudgetRecord] = []
            var transient: RedisServerError?
            for (index, (key, reply)) in zip(keys, replies).enumerated() {
                if let error = reply.error {
                    refused.append("\(key): \(error.prefix)")
                    if error.isTransient { transient = error }
                } else if index < result.budgets.count {
                    written.append(result.budgets[index])
                }
            }
            // The server refuses all records for now. A new connection may reach one that does not.
            if let transient, refused.count == keys.count { throw RedisError(transient) }
            metrics.writeFailures.increment(by: refused.count)
            return (written, refused)
        } catch {
            metrics.writeFailures.increment(by: keys.count)
            throw error
        }
    }
}
