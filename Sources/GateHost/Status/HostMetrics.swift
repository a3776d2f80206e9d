import Deployment
import GateAPI
import Logging
import Platform
package import Telemetry
import TradingState

/// The host's instruments. Gates, modes, reasons and outcomes are closed sets; symbols are capped.
package struct HostMetrics: Sendable {
    let sessionsLost: Counter
    let claimed: Counter
    let failedEvents: Counter
    let refusedTransactions: Counter
    let settled: Counter
    let revoked: Counter
    private let damagedAccounts: Counter
    let symbols: LabelledSymbols
    /// The label of symbols without metrics of their own, as families write it beyond their bounds.
    private static let otherSymbols = "other"
    let unclearReports: Counter
    private let plansWithoutRecords: Counter
    private let unknownSymbols = UnknownSymbols()
    /// By ``Outcome/index``.
    private let decisions: [Counter]
    private let lost: Counter
    private let conflicts: Counter
    private let deadLetters: CounterFamily<1>
    private let allowed: CounterFamily<1>
    private let blocked: CounterFamily<2>
    /// In pipeline order.
    private let gates: [GateMetrics]
    /// Of the host's own check of plans, by ``GateEffect/index``.
    private let planEffects: [Counter]
    private let latency: Histogram
    private let batchSize: Histogram
    /// In the order of the partitions.
    let partitions: [PartitionMetrics]

    /// - Parameter symbols: those with series of their own, whatever they have.
    package init(
        _ registry: MetricRegistry, pipeline: Pipeline, streams: [String], symbols: [String] = []
    ) throws(MetricError) {
        self.symbols = LabelledSymbols(symbols)
        sessionsLost = try registry.counter(
            "gatehost_redis_sessions_lost_total", help: "Sessions with Redis that ended in an error.")
        claimed = try registry.counter(
            "gatehost_entries_claimed_total", help: "Entries taken over from other consumers.")
        failedEvents = try registry.counter(
            "gatehost_events_failed_total", help: "Gate events that Redis refused; their decisions stand.")
        refusedTransactions = try registry.counter(
            "gatehost_transactions_refused_total",
            help: "Transactions that Redis did not execute; their entries were judged again.")
        settled = try registry.counter(
            "gatehost_grants_settled_total", help: "Permits whose share of the limits a report has settled.")
        revoked = try registry.counter(
            "gatehost_permits_revoked_total", help: "Live permits taken back because a switch was set.")
        damagedAccounts = try registry.counter(
            "gatehost_accounts_damaged_total",
            help: "Parts of the ledger's accounts that could not be read and were dropped or put aside.")
        unclearReports = try registry.counter(
            "gatehost_unclear_reports_total",
            help: "Reports on the result stream that do not say whether their plan was executed.")
        plansWithoutRecords = try registry.counter(
            "gatehost_plans_without_records_total",
            help: "Plans in a symbol that has no record at all, so that a gate could not judge them.")
        var decisions: [Counter] = []
        for outcome in Outcome.allCases.sorted(by: { $0.index < $1.index }) {
            decisions.append(
                try registry.counter(
                    "gatehost_decisions_total", help: "Decisions committed by this host.",
                    labels: [("outcome", outcome.rawValue)]))
        }
        self.decisions = decisions
        lost = try registry.counter(
            "gatehost_decisions_lost_total", help: "Entries that another host had decided first.")
        conflicts = try registry.counter(
            "gatehost_ledger_conflicts_total",
            help: "Entries judged again because the ledger was not as they were judged.")
        deadLetters = try registry.counterFamily(
            "gatehost_dead_letters_total", help: "Entries that are no intents.", labels: ["reason"])
        for reason in DeadLetterReason.all { _ = deadLetters[reason] }
        allowed = try registry.counterFamily(
            "quantum_govern_allow_total", help: "Permits, by symbol.", labels: ["symbol"])
        blocked = try registry.counterFamily(
            "quantum_govern_block_total", help: "Blocks, by symbol and reason.", labels: ["symbol", "reason"])
        gates = try pipeline.slots.map { (slot) throws(MetricError) in try GateMetrics(registry, slot) }
        planEffects = try GateMetrics.effects(of: pipeline.planLabel, registry)
        latency = try registry.histogram(
            "gatehost_decision_latency_seconds", help: "From the entry's arrival in Redis to its committed decision.",
            buckets: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10])
        batchSize = try registry.histogram(
            "gatehost_batch_entries", help: "Entries decided in one commit.",
            buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024])
        partitions = try streams.map { (stream) throws(MetricError) in try PartitionMetrics(registry, stream: stream) }
    }

    /// The number of intents that a gate has judged, and that it has not judged.
    struct Judged {
        let total: Int
        let unjudged: Int
    }

    /// Of each gate, in pipeline order.
    var judged: [Judged] { gates.map { Judged(total: $0.total, unjudged: $0.unjudged) } }

    /// Counts and tells of parts of accounts that could not be read.
    func noteDamage(_ count: Int, _ logger: Logger) {
        guard count > 0 else { return }
        damagedAccounts.increment(by: count)
        logger.error(
            "parts of the ledger's accounts could not be read; the rest counts on",
            metadata: ["parts": "\(count)", "keys": "\(AccountFields.keyPrefix)*"])
    }

    /// Counts and tells of symbols without any record.
    func noteUnknownSymbols(_ batch: CommittedBatch, at now: Timestamp, _ logger: Logger) {
        let items = batch.items.span
        for index in items.indices where items[index].decision.lacksEveryRecord && batch.results[index] == .applied {
            plansWithoutRecords.increment()
            unknownSymbols.note(items[index].decision.symbol, at: now, logger)
        }
    }

    func record(_ batch: CommittedBatch, at now: Timestamp) {
        batchSize.observe(Double(batch.items.count - batch.conflicts))
        failedEvents.increment(by: batch.failedEvents.count)
        conflicts.increment(by: batch.conflicts)
        let items = batch.items.span
        for index in items.indices where batch.results[index] != .conflict {
            record(items[index].decision, batch.results[index], at: now)
        }
    }

    private func record(_ decision: borrowing Decision, _ result: CommitResult, at now: Timestamp) {
        guard let outcome = result.outcome(of: decision) else { return lost.increment() }
        decisions[outcome.index].increment()
        latency.observe(max(0, Double(now.milliseconds) - Double(decision.id.milliseconds)) / 1_000)
        switch outcome {
        case .permit: allowed.increment(decision.hasKnownSymbol ? decision.symbol : Self.otherSymbols)
        case .block:
            blocked.increment(
                decision.hasKnownSymbol ? decision.symbol : Self.otherSymbols, result.reason(of: decision))
        case .deadLetter: deadLetters.increment(decision.reason)
        case .skip, .duplicate: break
        }
        guard result == .applied else { return }
        for index in decision.results.indices {
            if index < gates.count {
                gates[index].record(decision.results[index])
            } else {
                planEffects[decision.results[index].effect.index].increment()
            }
        }
    }
}

extension Outcome {
    fileprivate var index: Int {
        switch self {
        case .permit: 0
        case .block: 1
        case .skip: 2
        case .duplicate: 3
        case .deadLetter: 4
        }
    }
}
