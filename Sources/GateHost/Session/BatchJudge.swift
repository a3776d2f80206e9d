import GateAPI
import Redis
import TradingState

/// Judges the entries of a batch, one after the other. An entry sees what the permits before it take.
final class BatchJudge {
    private let pipeline: Pipeline
    private let calls: ContainedCalls
    private let records: RecordStore
    private let recordsInputs: Bool
    /// The source that all plans must name; `nil` for any.
    private let source: String?
    private let symbols: LabelledSymbols
    /// Symbols with metrics of their own, as far as they have been met.
    private var knownSymbols: Set<Symbol> = []
    /// Results of earlier decisions, whose memory is used again.
    private var usedResults: [[GateResult]] = []

    /// After so many attempts, a record that is older than one that has let shares go was not overtaken while it was
    /// read: its publisher's clock has stepped back.
    private static let patience = 3
    /// The largest number of results that are kept for their memory.
    private static let mostUsedResults = 1_000

    init(
        pipeline: Pipeline, calls: ContainedCalls, records: RecordStore, recordsInputs: Bool, source: String?,
        symbols: LabelledSymbols
    ) {
        self.pipeline = pipeline
        self.calls = calls
        self.records = records
        self.recordsInputs = recordsInputs
        self.source = source
        self.symbols = symbols
    }

    /// Runs `body` with one view of the breakers: a gate whose records were not requested is not asked either.
    func withBatch<Result>(_ body: () throws(RedisError) -> Result) throws(RedisError) -> Result {
        calls.beginBatch()
        defer { calls.endBatch() }
        return try body()
    }

    /// The records that judging the candidates takes and that are not at hand.
    func missingRecords(for candidates: [Candidate]) -> [InputKey] {
        records.missing(for: candidates) { intent, request in
            pipeline.request(for: intent, &request, contained: calls)
        }
    }

    /// - Parameters:
    ///   - redisTime: the same moment by Redis' clock.
    ///   - isInFlight: whether a commit in flight holds a decision on a plan id.
    func judge(
        _ batch: BatchInJudgement, at now: Timestamp, redisTime: Timestamp, isInFlight: (_ planHash: UInt64) -> Bool
    ) throws(RedisError) -> JudgedBatch {
        // The batch owns the records while it is judged, so taking from an account copies nothing.
        var records = BatchInputs(inputs: Inputs(now: now))
        swap(&records, &self.records.records)
        defer { swap(&records, &self.records.records) }
        records.inputs.now = now

        var judged = JudgedBatch()
        judged.items.reserveCapacity(
            batch.candidates.count + batch.bodiless.count + batch.oversized.count + batch.trimmed.count)
        for id in batch.bodiless { judged.items.append(CommitItem(decision: Decision(gone: id))) }
        for entry in batch.oversized { judged.items.append(CommitItem(decision: Decision(oversized: entry))) }
        for id in batch.trimmed { judged.items.append(CommitItem(decision: Decision(gone: id), isTrimmed: true)) }
        for candidate in batch.candidates {
            if !candidate.isDuplicate, let hash = candidate.entry.planHash,
                isInFlight(hash) || !judged.planHashes.insert(hash).inserted
            {
                judged.deferred.append(candidate)
                continue
            }
            try checkThread()
            let item = judge(candidate, redisTime, &records)
            if item.decision.isJudged, let symbol = candidate.entry.symbol {
                judged.ledger.notePosition(symbol, records.inputs)
            }
            if !item.decision.claims.isEmpty {
                judged.ledger.add(item.decision, records.inputs)
                if item.decision.outcome == .permit { take(item.decision.claims, &records) }
            }
            judged.items.append(item)
        }
        try checkThread()
        return judged
    }

    private func judge(_ candidate: Candidate, _ redisTime: Timestamp, _ records: inout BatchInputs) -> CommitItem {
        if let source, candidate.entry.names(sourceOtherThan: source) {
            return CommitItem(decision: Decision(foreign: candidate.entry), candidate)
        }
        if let symbol = candidate.entry.symbol {
            records.inputs.focus(on: symbol)
            if candidate.attempts >= Self.patience {
                for account in pipeline.accounts { records.refuseSuperseded(by: account, symbol) }
            }
        }
        var item = CommitItem(
            decision: pipeline.decide(
                candidate.entry, records.inputs, redisTime: redisTime, reusing: usedResults.popLast() ?? [],
                contained: calls),
            candidate)
        if let symbol = candidate.entry.symbol { item.decision.hasKnownSymbol = isKnown(symbol, records.inputs) }
        if recordsInputs {
            item.inputs = self.records.recorded(candidate.entry, records) { intent, request in
                pipeline.request(for: intent, &request, contained: calls)
            }
        }
        return item
    }

    /// Whether a symbol has metrics of its own.
    private func isKnown(_ symbol: Symbol, _ inputs: Inputs) -> Bool {
        if knownSymbols.contains(symbol) { return true }
        guard
            symbols.admit(
                symbol, hasPosition: (try? inputs.record(Position.self, symbol)) != nil,
                hasBudget: (try? inputs.record(PortfolioBudget.self, symbol)) != nil)
        else { return false }
        knownSymbols.insert(symbol)
        return true
    }

    private func take(_ claims: [Claim], _ records: inout BatchInputs) {
        for claim in claims where claim.amount.isPositive { records.take(claim, isRecorded: recordsInputs) }
    }

    /// Takes results that are not needed any more.
    func reuse(_ results: [[GateResult]]) {
        if usedResults.count < Self.mostUsedResults { usedResults.append(contentsOf: results) }
    }

    /// Throws if the watchdog has abandoned this thread. It must decide nothing more: another thread does its work.
    func checkThread() throws(RedisError) {
        guard calls.isAbandoned else { return }
        throw RedisError(
            code: .connectionClosed,
            message: "this thread was abandoned while it hung in a gate; another does its work")
    }
}
