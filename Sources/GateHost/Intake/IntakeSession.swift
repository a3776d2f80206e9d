import GateAPI
import Redis

/// One session with Redis: takes entries to committed decisions.
///
/// At most one exchange is under way on the connection: the commit of one batch and the reading of the next, sent together. While Redis is at it, the batch
/// before that is judged. What a batch in flight will have decided is not known yet: its plan ids are left alone until it is, and what it reserves is
/// taken for reserved; where that turns out wrong, the commit refuses what was judged by it, and it is judged again.
final class IntakeSession {
    /// Entries that must be judged again, or could not be yet.
    private(set) var retries: [Candidate] = []
    private let connection: RedisConnection
    private let pipeline: Pipeline
    private let calls: GateCalls
    private let inputs: SessionInputs
    private let reader: StreamReader
    private let clock: @Sendable () -> Timestamp
    private let monotonic: @Sendable () -> UInt64
    private let recordsInputs: Bool
    private let report: (CommittedBatch) -> Void
    private let scriptSHA: String
    private var encoder: CommitEncoder
    private let replicaWait: ReplicaWait?

    private var commands = RedisPipeline()
    /// Judged and not sent yet.
    private var judged: JudgedBatch?
    /// Sent, and its result not read yet.
    private var inFlight: JudgedBatch?
    /// How entries were asked for that have not come yet.
    private var reading = Reading.nothing
    private let busyPoll: Duration
    /// Results of decisions that are done with, for their memory.
    private var usedResults: [[GateResult]] = []
    /// What came while something else was waited for.
    private var arrived = StreamReader.Batch()

    /// For more entries, judging them twice costs more than waiting for the fence.
    private static let mostJudgedEarly = 8
    /// Of the hosts that race for a reservation one always wins, so this many losses in a row mean that something is wrong.
    private static let maximumAttempts = 1_000

    init(
        _ connection: RedisConnection, reader: StreamReader, pipeline: Pipeline, calls: GateCalls, configuration: HostConfiguration, host: String,
        surroundings: Surroundings, report: @escaping (CommittedBatch) -> Void
    ) throws(RedisError) {
        self.connection = connection
        self.reader = reader
        self.pipeline = pipeline
        self.calls = calls
        // Records tell the time in milliseconds; judging at just that time makes a replay exact.
        clock = { Timestamp(milliseconds: surroundings.wallClock().milliseconds) }
        monotonic = surroundings.monotonic
        self.report = report
        replicaWait = configuration.redis.replicaWait
        busyPoll = configuration.intake.busyPoll
        recordsInputs = configuration.answers.recordInputs
        inputs = SessionInputs(pipeline, calls, keepsRaw: recordsInputs, clock: clock, monotonic: monotonic)
        try CommitRights.check(connection, reader: reader, answers: configuration.answers, pipeline: pipeline)
        scriptSHA = try connection.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
        encoder = CommitEncoder(stream: reader.stream, configuration: configuration, host: host)
    }

    /// An entry to be judged.
    struct Candidate {
        let entry: StreamEntry
        /// Its plan id has had its outcome from an earlier entry: it must reserve nothing.
        var isDuplicate = false
        var attempts = 0

        func marked(_ resolved: Set<UInt64>) -> Candidate {
            var candidate = self
            if let hash = entry.planHash, resolved.contains(hash) { candidate.isDuplicate = true }
            return candidate
        }
    }

    /// Whether an exchange is under way.
    var isBusy: Bool { inFlight != nil || isReading }

    private var isReading: Bool { if case .nothing = reading { false } else { true } }

    /// Judges and commits a batch and whatever must be judged again, and waits for all of it.
    func process(_ batch: StreamReader.Batch) throws(RedisError) {
        var batch = batch
        while !batch.isEmpty || !retries.isEmpty {
            try judge(batch)
            try submit(reading: .nothing)
            batch = try collect()
        }
    }
}

// MARK: Exchanges

extension IntakeSession {
    enum Reading {
        case nothing
        /// Whatever is there.
        case immediate(count: Int)
        /// Waits for the first entry.
        case blocking(count: Int, upTo: Duration)
    }

    /// Whether something of what was judged may have to be judged again at once, which a read that waits for entries would hold up.
    var mayReturn: Bool { judged.map { $0.mayConflict || !$0.deferred.isEmpty } ?? false }

    /// Sends the commit of what was judged, and the reading of what comes next. Nothing may be under way.
    func submit(reading: Reading) throws(RedisError) {
        precondition(!isBusy, "collect() first")
        try checkDuty()
        if judged == nil { commands.removeAll() } else if let replicaWait { commands.add(replicaWait) }
        switch reading {
        case .nothing: break
        case .immediate(let count): reader.encodeReadNew(count: count, block: nil, into: &commands)
        case .blocking(let count, let block): reader.encodeReadNew(count: count, block: block, into: &commands)
        }
        self.reading = reading
        inFlight = judged
        judged = nil
        try connection.post(commands)
    }

    /// Waits for all that is under way; gives the entries that came.
    func collect() throws(RedisError) -> StreamReader.Batch {
        try collectCommit()
        if isReading {
            let asked = monotonic()
            // Twice: a blocking read may take as long as it may, and the server is not to be late by that.
            let reply = try connection.receive(1, extraTimeout: reader.longestBlock).first
            if case .blocking = reading { stayAwake(monotonic() &- asked < busyPoll.nanoseconds) } else { stayAwake(false) }
            reading = .nothing
            arrived.append(try reader.decode(reply))
        }
        defer { arrived = StreamReader.Batch() }
        return arrived
    }

    /// Where the next entries come so soon after a commit that falling asleep and being woken would take as long, waits do not sleep. A backlog is no reason:
    /// Redis works on a full batch for longer than that.
    private func stayAwake(_ isBrisk: Bool) {
        connection.busyPoll = isBrisk ? busyPoll : .zero
        inputs.busyPoll = connection.busyPoll
    }

    /// Waits for the commit that is under way, if there is one.
    private func collectCommit() throws(RedisError) {
        guard inFlight != nil else { return }
        let reply = try connection.receive(1).first
        if let batch = inFlight.take() { try finish(batch, reply) }
        guard let replicaWait else { return }
        guard let held = try connection.receive(1, extraTimeout: replicaWait.timeout).first, replicaWait.isSatisfied(by: held) else {
            // The decisions stand, on the master; but the next ones had better wait until the sentinels have been asked where the master is.
            throw RedisError(code: .replyUnexpected, message: "fewer than \(replicaWait.count) replicas hold the last commit (redis.wait_replicas)")
        }
    }

    private func finish(_ batch: consuming JudgedBatch, _ reply: RedisReply?) throws(RedisError) {
        let deferred = batch.deferred
        var committed = CommittedBatch(items: (consume batch).items)
        try committed.take(reply)
        // Which plan ids have their outcome now is of interest only where others of the same id wait for it.
        let isAwaited = !deferred.isEmpty || judged?.deferred.isEmpty == false
        var resolved: Set<UInt64> = []
        for index in committed.items.indices {
            let result = committed.results[index]
            if result == .applied, !isAwaited { continue }
            let item = committed.items[index]
            if result == .conflict {
                guard let entry = item.decision.entry else { continue }
                committed.conflicts += 1
                retries.append(Candidate(entry: entry, isDuplicate: item.isDuplicate, attempts: item.attempts + 1))
                guard item.attempts < Self.maximumAttempts else {
                    throw RedisError(code: .replyUnexpected, message: "an entry lost the race for reservations \(Self.maximumAttempts) times")
                }
            } else if result.leavesOutcome, item.decision.isJudged, let hash = item.decision.entry?.planHash {
                // Only what was judged has given its plan id an outcome; a skip uses up nothing.
                resolved.insert(hash)
            }
            if result != .applied { inputs.dropReservations(of: item.decision) }
        }
        retries += deferred.map { $0.marked(resolved) }
        // The batch that was judged meanwhile left entries for later because of this one.
        if let deferred = judged?.deferred { judged?.deferred = deferred.map { $0.marked(resolved) } }
        report(committed)
        if usedResults.count < Self.maximumAttempts { usedResults.append(contentsOf: committed.takeResults()) }
    }
}

// MARK: Judging

extension IntakeSession {
    /// Decides each entry, of those to be judged again first.
    ///
    /// A few entries that came by themselves do not wait for the fence: while Redis answers it, what is not at hand is read, or else they are judged by what is
    /// at hand. Where the answer then names a record of theirs, that was for nothing.
    func judge(_ batch: StreamReader.Batch) throws(RedisError) {
        let isEarly = inputs.isCaching && !inputs.isFenced && retries.count + batch.entries.count <= Self.mostJudgedEarly
        inputs.fence()
        calls.beginBatch()
        defer { calls.endBatch() }
        var candidates: [Candidate] = []
        swap(&candidates, &retries)
        candidates.reserveCapacity(candidates.count + batch.entries.count)
        for entry in batch.entries { candidates.append(Candidate(entry: entry)) }
        inputs.startBatch()
        if isEarly, try !load(candidates) { try decide(candidates, batch) }
        if inputs.refresh(for: candidates) { discard() }
        guard judged == nil else { return }
        _ = try load(candidates)
        try decide(candidates, batch)
    }

    /// What an entry is permitted and reserves, the later ones see. Entries with a plan id that an earlier one has are left for later: whether they are
    /// duplicates is known only when that one is committed, and until then they must reserve nothing.
    private func decide(_ candidates: [Candidate], _ batch: StreamReader.Batch) throws(RedisError) {
        let now = clock()
        // Taken out while they are judged by, so that nothing is copied for it.
        var records = BatchInputs(inputs: Inputs(now: now))
        swap(&records, &inputs.records)
        defer { swap(&records, &inputs.records) }
        records.inputs.now = now
        let expiry = encoder.reservationExpiry(from: now)

        var judged = JudgedBatch()
        judged.items.reserveCapacity(candidates.count + batch.bodiless.count + batch.trimmed.count)
        for id in batch.bodiless { judged.items.append(CommitItem(decision: Decision(gone: id))) }
        for id in batch.trimmed { judged.items.append(CommitItem(decision: Decision(gone: id), isTrimmed: true)) }
        for candidate in candidates {
            if let hash = candidate.entry.planHash, inFlight?.planHashes.contains(hash) == true || !judged.planHashes.insert(hash).inserted {
                judged.deferred.append(candidate)
                continue
            }
            try checkDuty()
            if let symbol = candidate.entry.symbol { records.inputs.focus(on: symbol) }
            var item = CommitItem(
                decision: pipeline.decide(
                    candidate.entry, records.inputs, stopwatch: .monotonic, reusing: usedResults.popLast() ?? [], contained: calls),
                candidate)
            if candidate.isDuplicate { item.decision.reservations = [] }
            if recordsInputs { item.inputs = inputs.recorded(candidate.entry, records) }
            if !item.decision.reservations.isEmpty {
                judged.mayConflict = true
                if item.decision.outcome == .permit { Self.reserve(item.decision, until: expiry, &records, isRecorded: recordsInputs) }
            }
            judged.items.append(item)
        }
        try checkDuty()
        commands.removeAll()
        encoder.encode(judged.items, sha: scriptSHA, now: now, into: &commands)
        self.judged = judged
    }

    /// Forgets what was judged and not sent.
    private func discard() {
        guard let batch = judged.take() else { return }
        for item in batch.items { inputs.dropReservations(of: item.decision) }
    }

    /// Reads the records that judging the entries needs and that are not at hand; says whether there were any.
    private func load(_ candidates: [Candidate]) throws(RedisError) -> Bool {
        var missing = inputs.missing(for: candidates)
        guard !missing.isEmpty else { return false }
        if isBusy {
            // What is under way comes first on this connection. Its result may take away more of what is at hand.
            arrived = try collect()
            missing = inputs.missing(for: candidates)
        }
        try inputs.load(missing, connection)
        return true
    }

    /// A thread that was given up decides nothing more: another has taken its place.
    private func checkDuty() throws(RedisError) {
        guard calls.post.isGivenUp else { return }
        throw RedisError(code: .connectionClosed, message: "this thread was given up while it hung in a gate; another does its work")
    }

    /// Sends an entry to the dead letters that has ended every process that took it.
    func bury(_ entry: StreamEntry, deliveries: Int, failures: String) throws(RedisError) {
        var batch = JudgedBatch()
        batch.items.append(CommitItem(decision: Decision(poison: entry, deliveries: deliveries, failures: failures)))
        commands.removeAll()
        encoder.encode(batch.items, sha: scriptSHA, now: clock(), into: &commands)
        judged = batch
        try submit(reading: .nothing)
        _ = try collect()
    }

    private static func reserve(_ decision: Decision, until expiry: Timestamp, _ records: inout BatchInputs, isRecorded: Bool) {
        for pending in decision.reservations {
            records.reserve(pending.reservation, planID: decision.planID, by: decision.id, until: expiry, isRecorded: isRecorded)
        }
    }
}

// MARK: Records

extension IntakeSession {
    /// Whether records are kept between batches.
    var isCaching: Bool { inputs.isCaching }

    func startCaching(_ feed: InvalidationFeed) {
        inputs.startCaching(feed)
    }

    func stopCaching() {
        inputs.stopCaching()
    }

    /// Asks what has changed, for entries that have just come, so that nobody waits for the answer later.
    func fence() {
        inputs.fence()
    }

    /// Takes note of changes while there is nothing to judge, lest they pile up.
    func refreshIdle() {
        inputs.fence()
        inputs.refresh()
    }
}
