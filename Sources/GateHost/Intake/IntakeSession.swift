import Deployment
import GateAPI
import Redis
import Platform

/// One session with Redis: takes entries to committed decisions.
///
/// Two exchanges at most are under way on the connection, each the commit of one batch and the reading of another, sent
/// together. While Redis is at them, a batch that has come is judged. What a batch in flight will have decided is not
/// known yet: its plan ids are left alone until it is. Within a batch, what is permitted is taken for reserved; where
/// that turns out wrong, the commit refuses what was judged by it, and it is judged again. Who reads reservations waits
/// for all that is under way.
final class IntakeSession {
    /// Entries that must be judged again, or could not be yet.
    private(set) var retries: [Candidate] = []
    private let connection: RedisConnection
    private let pipeline: Pipeline
    private let calls: ContainedCalls
    private let inputs: SessionInputs
    private let reader: StreamReader
    private let clock: @Sendable () -> Timestamp
    private let monotonic: @Sendable () -> UInt64
    private let recordsInputs: Bool
    private let report: (CommittedBatch) -> Void
    private let refused: () -> Void
    private let scriptSHA: String
    private var encoder: CommitEncoder
    private let replicaWait: ReplicaWait?

    private var commands = RedisPipeline()
    /// Judged and not sent yet.
    private var judged: JudgedBatch?
    /// Sent, and not answered yet; in order.
    private var underWay: [Exchange] = []
    /// The last fence that has come.
    private var fence = 0
    private let smallestTransaction: Int
    /// Whether the mark of claims must be set before a transaction is possible.
    var lacksMark = true
    /// So many batches are committed by the script, after a transaction was refused; the next time by so many.
    private var scriptedBatches = 0
    private var nextScriptedBatches = 1
    private let busyPoll: Duration
    /// Results of decisions that are done with, for their memory.
    private var usedResults: [[GateResult]] = []
    /// What came while something else was waited for.
    private var arrived = StreamReader.Batch()

    private static let mostUnderWay = 2
    private static let mostScriptedBatches = 64
    /// Lua's stack holds fewer values than the check of larger batches has keys.
    private static let largestTransaction = 2_000
    /// Of the hosts that race for a reservation one always wins, so this many losses in a row mean that something is
    /// wrong.
    private static let maximumAttempts = 1_000

    init(
        _ connection: RedisConnection, reader: StreamReader, pipeline: Pipeline, calls: ContainedCalls,
        configuration: HostConfiguration, host: String,
        surroundings: Surroundings, report: @escaping (CommittedBatch) -> Void, refused: @escaping () -> Void
    ) throws(RedisError) {
        self.connection = connection
        self.reader = reader
        self.pipeline = pipeline
        self.calls = calls
        // Records tell the time in milliseconds; judging at just that time makes a replay exact.
        clock = { Timestamp(milliseconds: surroundings.wallClock().milliseconds) }
        monotonic = surroundings.monotonic
        self.report = report
        self.refused = refused
        replicaWait = configuration.redis.replicaWait
        busyPoll = configuration.intake.busyPoll
        recordsInputs = configuration.answers.recordInputs
        smallestTransaction = surroundings.smallestTransaction
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

    /// What was sent together: the commit of a batch, if one was judged, and the reading of the next, if one was asked
    /// for.
    private struct Exchange {
        var batch: JudgedBatch?
        let reading: Reading
        /// Replies to the reading that come before the entries.
        var repliesBefore = 0
        var fence: Int?
    }

    /// Whether there is something to be collected.
    var isBusy: Bool { !underWay.isEmpty || !arrived.isEmpty }
    /// Whether another exchange may be sent.
    var hasRoom: Bool { underWay.count < Self.mostUnderWay }

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

    /// Whether something of what was judged may have to be judged again at once, which a read that waits for entries
    /// would hold up.
    var mayReturn: Bool { judged.map { $0.mayConflict || !$0.deferred.isEmpty } ?? false }

    /// Sends the commit of what was judged, and the reading of what comes next. A reading that waits holds up what is
    /// sent after it.
    func submit(reading: Reading) throws(RedisError) {
        precondition(hasRoom, "collect() first")
        try checkDuty()
        if judged == nil { commands.removeAll() } else if let replicaWait { commands.add(replicaWait) }
        var exchange = Exchange(batch: judged.take(), reading: reading)
        encode(reading, &exchange)
        underWay.append(exchange)
        try connection.post(commands)
    }

    private func encode(_ reading: Reading, _ exchange: inout Exchange) {
        if case .nothing = reading { return }
        let before = commands.count
        if smallestTransaction < .max {
            if lacksMark { reader.encodeMark(String(monotonic(), radix: 36), into: &commands) }
            reader.encodeReadMark(into: &commands)
        }
        exchange.repliesBefore = commands.count - before
        switch reading {
        case .nothing: break
        case .immediate(let count): reader.encodeReadNew(count: count, block: nil, into: &commands)
        case .blocking(let count, let block): reader.encodeReadNew(count: count, block: block, into: &commands)
        }
        exchange.fence = inputs.encodeFence(into: &commands)
    }

    /// Waits for the exchange that was sent first; gives the entries that came by it, or those that came while
    /// something else was waited for.
    func collect() throws(RedisError) -> StreamReader.Batch {
        if arrived.isEmpty { try collectFirst() }
        defer { arrived = StreamReader.Batch() }
        return arrived
    }

    /// Waits for all that is under way.
    private func collectAll() throws(RedisError) {
        while !underWay.isEmpty { try collectFirst() }
    }

    private func collectFirst() throws(RedisError) {
        guard !underWay.isEmpty else { return }
        if let batch = underWay[0].batch.take() { try collectCommit(batch) }
        let exchange = underWay.removeFirst()
        if case .nothing = exchange.reading { return }
        let asked = monotonic()
        // Twice: a blocking read may take as long as it may, and the server is not to be late by that.
        let replies = try connection.receive(
            exchange.repliesBefore + (exchange.fence == nil ? 1 : 2), extraTimeout: reader.longestBlock)
        if case .blocking = exchange.reading {
            stayAwake(monotonic() &- asked < busyPoll.nanoseconds)
        } else {
            stayAwake(false)
        }
        var batch = try reader.decode(replies[exchange.repliesBefore])
        if exchange.repliesBefore > 0 {
            batch.mark = replies[exchange.repliesBefore - 1].text
            lacksMark = batch.mark == nil
        }
        if let number = exchange.fence {
            inputs.fenced(replies.last)
            batch.fence = number
            fence = number
        }
        arrived.append(batch)
    }

    /// Where the next entries come within `busy_poll` of a commit, waits do not sleep, because being woken takes longer
    /// than answering. A backlog is no reason: then Redis has the next exchange already.
    private func stayAwake(_ isBrisk: Bool) {
        connection.busyPoll = isBrisk ? busyPoll : .zero
        inputs.busyPoll = connection.busyPoll
    }

    private func collectCommit(_ batch: consuming JudgedBatch) throws(RedisError) {
        let replies = try connection.receive(batch.commitProtocol.replies)
        try finish(batch, replies)
        guard let replicaWait else { return }
        guard let held = try connection.receive(1, extraTimeout: replicaWait.timeout).first,
            replicaWait.isSatisfied(by: held)
        else {
            // The decisions stand, on the master; those not sent yet had better wait until the sentinels have been
            // asked where the master is.
            throw RedisError(
                code: .replyUnexpected,
                message: "fewer than \(replicaWait.count) replicas hold the last commit (redis.wait_replicas)")
        }
    }

    private func finish(_ batch: consuming JudgedBatch, _ replies: RedisReplies) throws(RedisError) {
        let deferred = batch.deferred
        let commitProtocol = batch.commitProtocol
        var committed = CommittedBatch(items: (consume batch).items)
        if case .transaction = commitProtocol {
            guard try committed.take(transaction: replies) else { return withdraw(committed.items, deferred) }
            nextScriptedBatches = 1
        } else {
            try committed.take(replies.first)
        }
        // Which plan ids have their outcome now is of interest only where others of the same id wait for it.
        let isAwaited =
            !deferred.isEmpty || judged?.deferred.isEmpty == false
            || underWay.contains { $0.batch?.deferred.isEmpty == false }
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
                    throw RedisError(
                        code: .replyUnexpected,
                        message: "an entry lost the race for reservations \(Self.maximumAttempts) times")
                }
            } else if result.leavesOutcome, item.decision.isJudged, let hash = item.decision.entry?.planHash {
                // Only what was judged has given its plan id an outcome; a skip uses up nothing.
                resolved.insert(hash)
            }
            if result != .applied { inputs.dropReservations(of: item.decision) }
        }
        retries += deferred.map { $0.marked(resolved) }
        // The batches that were judged meanwhile left entries for later because of this one.
        if let deferred = judged?.deferred { judged?.deferred = deferred.map { $0.marked(resolved) } }
        for index in underWay.indices.dropFirst() {
            if let deferred = underWay[index].batch?.deferred {
                underWay[index].batch?.deferred = deferred.map { $0.marked(resolved) }
            }
        }
        committed.oldestOpen = oldestOpen
        report(committed)
        if usedResults.count < Self.maximumAttempts { usedResults.append(contentsOf: committed.takeResults()) }
    }

    private var oldestOpen: EntryID? {
        var oldest: EntryID?
        func take(_ id: EntryID) { oldest = min(oldest ?? id, id) }
        for candidate in retries { take(candidate.entry.id) }
        for batch in underWay.map(\.batch) + [judged] {
            guard let batch else { continue }
            let items = batch.items.span
            for index in items.indices { take(items[index].decision.id) }
            for candidate in batch.deferred { take(candidate.entry.id) }
        }
        return oldest
    }

    /// Nothing of the batch was written: it is judged again, for the script, which decides each entry as it must be.
    private func withdraw(_ items: [CommitItem], _ deferred: [Candidate]) {
        for item in items {
            if let entry = item.decision.entry {
                retries.append(Candidate(entry: entry, isDuplicate: item.isDuplicate, attempts: item.attempts + 1))
            }
        }
        retries += deferred
        scriptedBatches = nextScriptedBatches
        nextScriptedBatches = min(2 * nextScriptedBatches, Self.mostScriptedBatches)
        refused()
    }
}

// MARK: Judging

extension IntakeSession {
    /// Decides each entry, of those to be judged again first.
    func judge(_ batch: StreamReader.Batch) throws(RedisError) {
        calls.beginBatch()
        defer { calls.endBatch() }
        if let fence = batch.fence {
            inputs.refresh(upTo: fence)
        } else if inputs.isCaching, !batch.entries.isEmpty {
            try collectAll()
            try inputs.refresh(connection)
        }
        var candidates: [Candidate] = []
        swap(&candidates, &retries)
        let isFresh = candidates.isEmpty
        candidates.reserveCapacity(candidates.count + batch.entries.count)
        for entry in batch.entries { candidates.append(Candidate(entry: entry)) }
        inputs.startBatch()
        try load(candidates)
        guard !retries.isEmpty else { return try decide(candidates, batch, isFresh: isFresh) }
        // What was under way has come back undecided. It goes first, lest a later entry of the same plan overtake it.
        swap(&candidates, &retries)
        candidates += retries
        retries.removeAll()
        try load(candidates)
        try decide(candidates, batch, isFresh: false)
    }

    /// What an entry is permitted and reserves, the later ones see. Entries with a plan id that an earlier one has are
    /// left for later: whether they are duplicates is known only when that one is committed, and until then they must
    /// reserve nothing.
    private func decide(_ candidates: [Candidate], _ batch: StreamReader.Batch, isFresh: Bool) throws(RedisError) {
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
            // A duplicate changes nothing that another of its kind would have to wait for.
            if !candidate.isDuplicate, let hash = candidate.entry.planHash,
                isUnderWay(hash) || !judged.planHashes.insert(hash).inserted
            {
                judged.deferred.append(candidate)
                continue
            }
            try checkDuty()
            if let symbol = candidate.entry.symbol { records.inputs.focus(on: symbol) }
            var item = CommitItem(
                decision: pipeline.decide(
                    candidate.entry, records.inputs, reusing: usedResults.popLast() ?? [],
                    contained: calls),
                candidate)
            if candidate.isDuplicate { item.decision.reservations = [] }
            if recordsInputs { item.inputs = inputs.recorded(candidate.entry, records) }
            if !item.decision.reservations.isEmpty {
                judged.mayConflict = true
                if item.decision.outcome == .permit {
                    Self.reserve(item.decision, until: expiry, &records, isRecorded: recordsInputs)
                }
            }
            judged.items.append(item)
        }
        try checkDuty()
        encode(&judged, mark: isFresh ? batch.mark : nil, now: now)
        self.judged = judged
    }

    private func isUnderWay(_ planHash: UInt64) -> Bool {
        for index in underWay.indices where underWay[index].batch?.planHashes.contains(planHash) == true { return true }
        return false
    }

    private func encode(_ judged: inout JudgedBatch, mark: String?, now: Timestamp) {
        commands.removeAll()
        let isOfSize = judged.items.count >= smallestTransaction && judged.items.count <= Self.largestTransaction
        if isOfSize, scriptedBatches == 0, let mark, judged.fitsTransaction {
            encoder.encodeTransaction(judged.items, mark: mark, now: now, into: &commands)
            judged.commitProtocol = .transaction(commands: commands.count)
            judged.mayConflict = true
        } else {
            encoder.encode(judged.items, sha: scriptSHA, now: now, into: &commands)
            scriptedBatches = max(0, scriptedBatches - 1)
        }
    }

    /// Reads the records that judging the entries needs and that are not at hand.
    private func load(_ candidates: [Candidate]) throws(RedisError) {
        var missing = inputs.missing(for: candidates)
        guard !missing.isEmpty else { return }
        if !underWay.isEmpty {
            // What is under way comes first on this connection. Its result may take away more of what is at hand.
            try collectAll()
            missing = inputs.missing(for: candidates)
        }
        try inputs.load(missing, connection)
    }

    /// A thread that was given up decides nothing more: another has taken its place.
    private func checkDuty() throws(RedisError) {
        guard calls.isGivenUp else { return }
        throw RedisError(
            code: .connectionClosed, message: "this thread was given up while it hung in a gate; another does its work")
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

    private static func reserve(
        _ decision: Decision, until expiry: Timestamp, _ records: inout BatchInputs, isRecorded: Bool
    ) {
        for pending in decision.reservations {
            records.reserve(
                pending.reservation, planID: decision.planID, by: decision.id, until: expiry, isRecorded: isRecorded)
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

    /// Takes note of changes while there is nothing to judge, lest they pile up.
    func refreshIdle() {
        inputs.refresh(upTo: fence)
    }
}
