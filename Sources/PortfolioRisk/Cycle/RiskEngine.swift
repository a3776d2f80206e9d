package import GateAPI
package import Logging
import Platform
package import Redis
import Telemetry
import TradingState

/// Reads, computes and writes, once a call. An actor with a thread of its own, since its connection blocks; one cycle
/// at a time.
package actor RiskEngine {
    private let executor = BlockingExecutor(label: "portfolio-risk.cycle")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let settings: RiskSettings
    private let redis: RedisConfiguration
    private let mode: ModeControl
    private let metrics: RiskMetrics
    private let clock: @Sendable () -> Timestamp
    private let computation: Computation
    private var connection: RedisConnection?
    private var scan = PositionScan()
    private var lastKnownGood: LastKnownGood
    private var watch: CycleWatch

    package init(
        _ settings: RiskSettings, redis: RedisConfiguration, mode: ModeControl, metrics: RiskMetrics, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp = WallClock.now
    ) {
        self.settings = settings
        self.redis = redis
        self.mode = mode
        self.metrics = metrics
        self.clock = clock
        computation = Computation(settings)
        lastKnownGood = LastKnownGood(
            freshFor: settings.staleAfter.duration, usableFor: settings.lastKnownGoodFor.duration)
        watch = CycleWatch(logger)
    }

    /// Throws where Redis fails as a whole; the next call connects anew. A record that it refuses harms no other.
    @discardableResult
    package func cycle(heat: HeatSource) throws(RedisError) -> CycleReport {
        let start = ContinuousClock.now
        do throws(RedisError) {
            let connection = try connected()
            let report = try run(connection, heat)
            metrics.record(mode.current)
            metrics.recordCycle(ContinuousClock.now - start)
            watch.note(report)
            return report
        } catch {
            connection?.close()
            connection = nil
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

    private func run(_ connection: RedisConnection, _ heat: HeatSource) throws(RedisError) -> CycleReport {
        var exchange = Exchange(connection)
        let overview = try Overview.read(&exchange, scan: &scan, planLookback: settings.planLookback)
        let now = clock()
        try settle(overview.mode, &exchange, now)
        // Read once: every budget of a cycle has the same mode.
        let mode = mode.current

        lastKnownGood.restore(overview.remembered)
        let resolution = lastKnownGood.resolve(overview.state, now: now)
        record(resolution, overview.state)
        guard case .usable(let state) = resolution else {
            return CycleReport(
                resolution: resolution, mode: mode, symbols: 0, written: 0, roundTrips: exchange.roundTrips, heat: nil,
                refused: [])
        }

        let (symbols, dropped) = SymbolSelection.select(
            positions: scan.symbols, universe: settings.universe.symbols, plans: overview.plans)
        metrics.symbolsDropped.increment(by: dropped)
        let inputs = try SymbolInputs.read(&exchange, symbols, clusters: settings.clusters.clusters)
        let result = computation(inputs, heat: heat, state: state, mode: mode, now: now)
        let (written, refused) = try write(result, state, &exchange)
        metrics.record(result, written: written, at: now)
        return CycleReport(
            resolution: resolution, mode: mode, symbols: symbols.count, written: written.count,
            roundTrips: exchange.roundTrips,
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

    private func settle(_ record: ModeRecord?, _ exchange: inout Exchange, _ now: Timestamp) throws(RedisError) {
        switch mode.settle(record) {
        case .nothing: return
        case .adopted(let record): watch.noteAdopted(record)
        case .superseded(let record):
            let change = ModeChange(
                from: record.mode, to: mode.environment, origin: .environment, changedAt: now, remote: "")
            var pipeline = RedisPipeline()
            pipeline.add("DEL", ModeRecord.key)
            if record.mode != mode.environment {
                pipeline.add(["XADD", ModeChange.stream, "*"] + change.fields.flatMap { [$0.name, $0.value] })
            }
            for reply in try exchange.send(pipeline) {
                if let error = reply.error { throw RedisError(error) }
            }
            _ = mode.settle(nil)
            watch.noteSuperseded(record, by: mode.environment)
        }
    }

    /// All records in one round trip; each is taken or refused by itself.
    private func write(
        _ result: Computation.Result, _ state: ResolvedState, _ exchange: inout Exchange
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
            // Kept twice as long as it may serve, so that a service that starts then can tell "too old" from "never
            // seen".
            let lifetime = settings.lastKnownGoodFor.duration.components.seconds * 2
            add(PortfolioStateMemory.key, PortfolioStateMemory.fields(state.state), lifetime: Int(lifetime))
        }
        do throws(RedisError) {
            let replies = try exchange.send(pipeline)
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
            // A server that takes nothing for now, such as a primary that has become a replica: a new connection may
            // find the one that does.
            if let transient, refused.count == keys.count { throw RedisError(transient) }
            metrics.writeFailures.increment(by: refused.count)
            return (written, refused)
        } catch {
            metrics.writeFailures.increment(by: keys.count)
            throw error
        }
    }
}
