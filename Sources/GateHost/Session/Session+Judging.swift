import GateAPI
import Redis

/// Judging a batch, and encoding its commit.
extension Session {
    /// A batch of fewer entries is small.
    private static let fewCandidates = 16

    func judgeBatch() throws(RedisError) {
        try judge.withBatch { () throws(RedisError) in
            guard let batch = state.judging else { return }
            // Without a fence behind their read, a fence must be asked for before the entries are judged.
            let lacksFence = batch.fence == nil && records.isCaching && batch.hasNewEntries
            if let fence = batch.fence { records.refresh(upTo: fence) }
            records.startBatch()
            if lacksFence || mustTakeBaton { return state.lackRecords() }
            // A small batch reads its accounts, so that its evidence is exact. A large one is judged by them as far as
            // this session knows them: its commit checks them.
            if state.inFlight.isEmpty, batch.candidates.count < Self.fewCandidates { records.forgetAccounts() }
            let missing = judge.missingRecords(for: batch.candidates)
            if !missing.isEmpty {
                guard state.inFlight.isEmpty else { return state.lackRecords() }
                try records.load(missing, connection)
            }
            try decide(batch)
        }
    }

    func loadRecords() throws(RedisError) {
        try judge.withBatch { () throws(RedisError) in
            state.takeReturnedEntries()
            guard let batch = state.judging else { return }
            if mustTakeBaton {
                guard try takeBaton() else { return }
                // Records may have changed during the wait.
                try records.refresh(connection)
            } else if batch.fence == nil, batch.hasNewEntries {
                try records.refresh(connection)
            }
            let missing = judge.missingRecords(for: batch.candidates)
            if !missing.isEmpty { try records.load(missing, connection) }
            try decide(batch)
        }
    }

    /// Whether a full batch waits for its turn.
    var isInLine: Bool { state.judging != nil && mustTakeBaton }

    private var mustTakeBaton: Bool { baton.isWanted && !baton.isHeld && state.isPipelining }

    /// Waits in line for the baton. Then this session knows the ledger as if it committed alone.
    private func takeBaton() throws(RedisError) -> Bool {
        guard let mark = try baton.take(connection, monotonic: context.runtime.monotonic) else { return false }
        ledger.follow(mark)
        records.forgetAccounts()
        protocolChoice.turnBegins()
        return true
    }

    private func decide(_ batch: BatchInJudgement) throws(RedisError) {
        let now = context.decisionTime()
        let judged = try judge.judge(batch, at: now, redisTime: redisTime) { state.isInFlight($0) }
        propose(judged, claimsMark: batch.claimsMark, now: now)
    }

    /// Encodes the commit of a judged batch.
    func propose(_ batch: JudgedBatch, claimsMark: String?, now: Timestamp) {
        commands.removeAll()
        let commitProtocol: CommitProtocol
        let isTransaction = protocolChoice.usesTransaction(for: batch.items, hasMark: claimsMark != nil)
        let turn = ledger.turn(
            batch.ledger, tidiesAll: batch.items.count < context.runtime.smallestTransaction,
            now: context.runtime.monotonic())
        if isTransaction, let claimsMark {
            let shares = encoder.encodeTransaction(
                batch.items, batch.ledger, turn, mark: claimsMark, now: now, into: &commands)
            commitProtocol = .transaction(commands: commands.count, shares: shares)
        } else {
            encoder.encode(batch.items, batch.ledger, turn, sha: scriptSHA, now: now, into: &commands)
            commitProtocol = .script
        }
        state.judge(PendingCommit(batch: batch, commitProtocol: commitProtocol, turn: turn))
    }
}
