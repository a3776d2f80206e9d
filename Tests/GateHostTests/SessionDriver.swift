import GateAPI
@testable import GateHost
import TestSupport

/// Performs a session's actions without Redis: the test scripts what the reads bring and what the commits answer.
struct SessionDriver {
    var state: SessionState
    /// The entries of the reads to come, in order. A read beyond these brings nothing.
    var reads: [[StreamEntry]] = []
    /// The results of an item at its n-th commit. Missing ones are applied.
    var results: (_ planID: String, _ attempt: Int) -> CommitResult = { _, _ in .applied }
    /// Whether Redis refuses the n-th transaction.
    var refusesTransaction: (_ number: Int) -> Bool = { _ in false }
    var usesTransactions = false
    /// Whether the records of a batch are at hand.
    var hasRecords: (_ batch: BatchInJudgement) -> Bool = { _ in true }

    private(set) var actions: [SessionAction] = []
    /// The items that were committed, in order.
    private(set) var committed: [(planID: String, result: CommitResult, isDuplicate: Bool)] = []
    /// The plan ids of each batch that was judged.
    private(set) var batches: [[String]] = []
    private(set) var oldestOpen: EntryID?
    private var transactions = 0
    private let pipeline = Pipeline(gates: [])

    init(batchSize: Int = 2) {
        state = SessionState(batchSize: batchSize)
    }

    static func entries(_ planIDs: String..., from id: UInt64 = 1) -> [StreamEntry] {
        zip(id..., planIDs).map { Plans.entry(Plans.open($1), id: $0) }
    }

    /// Performs the next action, and returns it.
    @discardableResult
    mutating func step(_ goal: SessionState.Goal = .serve, isHousekeepingDue: Bool = false) throws -> SessionAction {
        let action = state.next(goal, isHousekeepingDue: isHousekeepingDue)
        actions.append(action)
        switch action {
        case .judge:
            guard let batch = state.judging else { break }
            if hasRecords(batch) || state.inFlight.isEmpty { judge() } else { state.lackRecords() }
        case .load:
            state.takeReturnedEntries()
            judge()
        case .send(let reading): state.send(reading, repliesBefore: 0, fence: nil)
        case .receive: try receive()
        case .housekeep, .finished: break
        }
        return action
    }

    /// Steps until the session has nothing to do but to wait for entries, or has finished.
    mutating func run(_ goal: SessionState.Goal = .serve) throws {
        for _ in 0..<1_000 {
            let action = try step(goal)
            if action == .finished { return }
            if action == .receive, goal == .serve, reads.isEmpty, isEmpty { return }
        }
        throw FixtureError.timeout("the session to come to rest")
    }

    var isEmpty: Bool {
        state.arrived.isEmpty && state.retries.isEmpty && state.judging == nil && state.judged == nil
            && state.inFlight.allSatisfy { $0.commit == nil }
    }

    private mutating func judge() {
        guard let batch = state.judging else { return }
        var judged = JudgedBatch()
        for candidate in batch.candidates {
            if !candidate.isDuplicate, let hash = candidate.entry.planHash,
                state.isInFlight(hash) || !judged.planHashes.insert(hash).inserted
            {
                judged.deferred.append(candidate)
                continue
            }
            let now = Inputs(now: Timestamp(seconds: 1))
            judged.items.append(
                CommitItem(decision: pipeline.decide(candidate.entry, now), candidate))
        }
        batches.append(judged.items.map(\.decision.planID))
        let commitProtocol = usesTransactions ? CommitProtocol.transaction(commands: 1, shares: 0) : .script
        state.judge(PendingCommit(batch: judged, commitProtocol: commitProtocol, turn: .idle))
    }

    private mutating func receive() throws {
        if let commit = state.takeOldestCommit() { try settle(commit) }
        let exchange = state.removeOldestExchange()
        guard exchange.reading != .nothing, !reads.isEmpty else { return }
        state.arrive(StreamBatch(entries: reads.removeFirst()))
    }

    private mutating func settle(_ commit: PendingCommit) throws {
        if case .transaction = commit.commitProtocol {
            transactions += 1
            if refusesTransaction(transactions) {
                return state.takeBack(commit.batch.items, deferred: commit.batch.deferred)
            }
        }
        var batch = CommittedBatch(items: commit.batch.items, commit.batch.ledger, commit.turn)
        batch.results = batch.items.map { results($0.decision.planID, $0.attempts) }
        try state.settle(&batch, deferred: commit.batch.deferred)
        oldestOpen = batch.oldestOpen
        for (item, result) in zip(batch.items, batch.results) where result != .conflict {
            committed.append((item.decision.planID, result, item.isDuplicate))
        }
    }
}
