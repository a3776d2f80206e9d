/// The whole state of one session, and the rule for the next action. A value without I/O: ``Session``
/// performs the actions.
///
/// An entry passes through these places:
///
///     arrived ──► judging ──► judged ──► in flight ──► decided
///                    ▲                       │
///                    └─────── retries ◄──────┘
///
/// Two exchanges at most are in flight. Each is the commit of one batch and the read of another, sent together, so that
/// the host judges one batch while Redis commits the batch before and reads the batch after.
struct SessionState {
    /// Read, and not judged yet.
    private(set) var arrived = StreamBatch()
    /// To be judged again, or deferred until the outcome of their plan id is known. They go before the arrived entries.
    var retries: [Candidate] = []
    /// Being judged.
    private(set) var judging: BatchInJudgement?
    /// Judged, and not sent yet.
    var judged: PendingCommit?
    /// Sent, and not answered yet; the oldest first.
    var inFlight: [Exchange] = []

    /// The most entries of one read. A full batch has more entries behind it.
    var batchSize: Int
    /// Whether the batch in judgement is full, so that the next read need not wait for it.
    private(set) var isPipelining = false
    /// Whether an exchange was sent since the last reply: the session waits for a reply before it judges retries.
    private var awaitsReply = false
    /// Whether new entries are read before the next slice of housekeeping, so that they never wait for two.
    private var owesRead = false

    static let maximumInFlight = 2

    init(batchSize: Int) {
        self.batchSize = batchSize
    }

    enum Goal {
        /// Read, judge and commit without end.
        case serve
        /// Decide everything that has been read, and read nothing more.
        case finish
    }

    /// The next action, after which the session asks again.
    ///
    /// - Parameter isHousekeepingDue: housekeeping needs the connection for itself, so the session first receives the
    ///   replies in flight. While it stays due, it takes turns with reads of new entries.
    mutating func next(_ goal: Goal, isHousekeepingDue: Bool) -> SessionAction {
        if let judging {
            guard judging.lacksRecords else { return .judge }
            // Records are read on the same connection, behind the replies in flight.
            return inFlight.isEmpty ? .load : .receive
        }
        if let judged { return nextSend(judged, goal, isHousekeepingDue) }
        if awaitsReply, arrived.isEmpty, !inFlight.isEmpty { return .receive }
        guard arrived.isEmpty, retries.isEmpty else { return nextJudgement(goal, isHousekeepingDue) }
        if !inFlight.isEmpty { return .receive }
        switch goal {
        case .finish: return .finished
        case .serve:
            guard isHousekeepingDue else { return .send(.blocking) }
            if owesRead { return .send(.immediate) }
            owesRead = true
            return .housekeep
        }
    }

    private func nextSend(_ commit: PendingCommit, _ goal: Goal, _ isHousekeepingDue: Bool) -> SessionAction {
        guard inFlight.count < Self.maximumInFlight else { return .receive }
        guard goal == .serve else { return .send(.nothing) }
        if isPipelining { return .send(.immediate) }
        guard inFlight.isEmpty else { return .receive }
        // A blocking read would hold up the reply that names the entries to judge again.
        let isBusy = isHousekeepingDue || !arrived.isEmpty || !retries.isEmpty || commit.mayReturnEntries
        guard isBusy else { return .send(.blocking) }
        return .send(arrived.isEmpty || isHousekeepingDue ? .nothing : .immediate)
    }

    private mutating func nextJudgement(_ goal: Goal, _ isHousekeepingDue: Bool) -> SessionAction {
        isPipelining =
            goal == .serve && !isHousekeepingDue && arrived.entries.count >= batchSize
            && retries.count < 2 * batchSize
        // Redis reads the next batch while this one is judged.
        if isPipelining, inFlight.isEmpty { return .send(.immediate) }
        judging = BatchInJudgement(retries: retries, arrived)
        retries = []
        arrived = StreamBatch()
        return .judge
    }
}

// MARK: Events

extension SessionState {
    /// Entries came, by a read or a claim.
    mutating func arrive(_ batch: StreamBatch) {
        arrived.append(batch)
    }

    /// The batch in judgement needs records that must be read first.
    mutating func lackRecords() {
        judging?.lacksRecords = true
    }

    /// Entries have come back undecided since the batch was taken for judgement. They go first in it, so that no later
    /// entry of the same plan id overtakes them.
    mutating func takeReturnedEntries() {
        guard !retries.isEmpty else { return }
        judging?.putFirst(retries)
        retries = []
    }

    /// The batch was judged.
    mutating func judge(_ commit: PendingCommit) {
        judging = nil
        judged = commit
    }

    /// The judged batch, if there is one, and a read were sent.
    mutating func send(_ reading: Exchange.Reading, repliesBefore: Int, fence: Int?) {
        inFlight.append(Exchange(commit: judged.take(), reading: reading, repliesBefore: repliesBefore, fence: fence))
        awaitsReply = true
    }

    /// The replies to the oldest exchange have come. Call ``takeOldestCommit()`` first.
    mutating func removeOldestExchange() -> Exchange {
        awaitsReply = false
        let exchange = inFlight.removeFirst()
        if exchange.reading != .nothing { owesRead = false }
        return exchange
    }

    /// The commit of the oldest exchange, whose replies come first.
    mutating func takeOldestCommit() -> PendingCommit? {
        inFlight[0].commit.take()
    }
}
