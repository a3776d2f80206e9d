import GateAPI
import Redis
import Telemetry
import TradingState

/// Writes the records of a cycle in one step, and counts those that Redis refuses.
struct CycleWriter {
    private let settings: RiskSettings
    private let metrics: RiskMetrics
    private var cycles = 0

    init(_ settings: RiskSettings, _ metrics: RiskMetrics) {
        self.settings = settings
        self.metrics = metrics
    }

    struct Written {
        let mode: RiskMode
        let budgets: [BudgetRecord]
        /// Keys of refused records, each with the server's error prefix.
        let refused: [String]
    }

    /// Returns `nil` if another instance holds the lease. Redis may refuse single records, such as keys of another type.
    ///
    /// - Parameters:
    ///   - result: `nil` if the cycle computed no budgets.
    ///   - memory: the state to remember for the next term.
    mutating func write(
        _ result: BudgetComputation.Result?, memory: PortfolioState?, _ summary: CycleScript.Record,
        _ term: LeaseTerm, _ mode: RiskMode, _ connection: inout CycleConnection
    ) throws(RedisError) -> Written? {
        let computed = result?.budgets ?? []
        cycles += 1
        let script = CycleScript(
            term: term, cycle: cycles, mode: mode,
            budgets: computed.map { .init(key: $0.key, fields: $0.fields, lifetime: settings.budgetLifetime) },
            others: [result?.heat.map(record), memory.map(record), summary].compactMap(\.self))
        let outcome: CycleScript.Outcome
        do throws(RedisError) {
            outcome = try script.send(&connection)
        } catch {
            metrics.writeFailures.increment(by: script.budgets.count + script.others.count - 1)
            throw error
        }
        guard case .written(let mode, let refused) = outcome else { return nil }
        metrics.writeFailures.increment(by: refused.count)
        let records = script.budgets + script.others
        let refusedIndexes = Set(refused.map(\.index))
        return Written(
            mode: mode,
            budgets: computed.enumerated().filter { !refusedIndexes.contains($0.offset) }.map(\.element),
            refused: refused.filter { records.indices.contains($0.index) }.map {
                "\(records[$0.index].key): \($0.error.prefix)"
            })
    }

    private func record(_ heat: HeatRecord) -> CycleScript.Record {
        .init(key: HeatRecord.key, fields: heat.fields, lifetime: HeatRecord.lifetime)
    }

    /// Kept for twice its useful time, so that a service that starts in the meantime can tell "too old" from "never
    /// seen".
    private func record(_ state: PortfolioState) -> CycleScript.Record {
        let lifetime = settings.lastKnownGoodFor.duration.components.seconds * 2
        return .init(
            key: PortfolioStateMemory.key, fields: PortfolioStateMemory.fields(state), lifetime: Int(lifetime))
    }
}
