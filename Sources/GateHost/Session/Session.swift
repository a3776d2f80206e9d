import Deployment
import GateAPI
import Platform
import Redis
import Telemetry

/// One session with Redis. It performs the actions of its ``SessionState``: reads entries, has them judged, and commits
/// the decisions.
final class Session {
    private(set) var state: SessionState
    let records: RecordStore
    let connection: RedisConnection
    let reader: StreamReader
    let judge: BatchJudge
    private let context: IntakeContext
    private let onCommit: (CommittedBatch) -> Void
    private let scriptSHA: String
    private let encoder: CommitEncoder
    private var protocolChoice: CommitProtocolChoice
    /// The commands of the next exchange.
    private var commands = RedisPipeline()
    /// Whether the claims mark must be set before a transaction is possible.
    private var lacksClaimsMark = true
    /// The newest fence that has come back.
    private var fence = 0

    /// - Parameter onCommit: called with every batch after its commit.
    init(
        _ connection: RedisConnection, reader: StreamReader, calls: GateCalls, context: IntakeContext,
        onCommit: @escaping (CommittedBatch) -> Void
    ) throws(RedisError) {
        self.connection = connection
        self.reader = reader
        self.context = context
        self.onCommit = onCommit
        let configuration = context.configuration
        state = SessionState(batchSize: reader.batch)
        records = RecordStore(
            keepsRaw: configuration.answers.recordInputs, clock: context.decisionClock,
            monotonic: context.runtime.monotonic)
        judge = BatchJudge(
            pipeline: context.pipeline, calls: calls, records: records,
            recordsInputs: configuration.answers.recordInputs)
        protocolChoice = CommitProtocolChoice(smallestTransaction: context.runtime.smallestTransaction)
        try CommitRights.check(
            connection, stream: reader.stream, group: reader.group, answers: configuration.answers,
            records: context.pipeline.records)
        scriptSHA = try connection.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
        encoder = CommitEncoder(stream: reader.stream, configuration: configuration, host: context.identity.host)
    }

    /// The most entries of one read.
    var batchSize: Int { state.batchSize }

    func next(_ goal: SessionState.Goal, isHousekeepingDue: Bool = false) -> SessionAction {
        state.next(goal, isHousekeepingDue: isHousekeepingDue)
    }

    /// Performs any action but housekeeping. Returns the kind of read whose replies have come, if it was a wait for one.
    @discardableResult
    func perform(_ action: SessionAction) throws(RedisError) -> Exchange.Reading? {
        switch action {
        case .judge: try judgeBatch()
        case .load: try loadRecords()
        case .send(let reading): try send(reading)
        case .receive: return try receive()
        case .housekeep, .finished: break
        }
        return nil
    }

    /// Decides a batch, and everything else that has been read.
    func process(_ batch: StreamBatch) throws(RedisError) {
        state.arrive(batch)
        try finish()
    }

    private func finish() throws(RedisError) {
        while true {
            let action = next(.finish)
            if action == .finished { return }
            try perform(action)
        }
    }

    /// Sends an entry to the dead letters that was delivered too often without a decision.
    func processDeadLetter(_ entry: StreamEntry, deliveries: Int, failures: String) throws(RedisError) {
        var batch = JudgedBatch()
        batch.items.append(CommitItem(decision: Decision(poison: entry, deliveries: deliveries, failures: failures)))
        propose(batch, claimsMark: nil, now: context.decisionClock())
        try finish()
    }

    /// Another consumer's entries were claimed, which deleted the claims mark.
    func noteClaim() {
        lacksClaimsMark = true
    }

    /// Takes in changes of records while there is nothing to judge, so that they do not pile up.
    func refreshIdle() {
        records.refresh(upTo: fence)
    }
}

// MARK: Judging

extension Session {
    private func judgeBatch() throws(RedisError) {
        try judge.withBatch { () throws(RedisError) in
            guard let batch = state.judging else { return }
            let hasFence = batch.fence != nil || !records.isCaching || !batch.hasNewEntries
            if let fence = batch.fence { records.refresh(upTo: fence) }
            records.startBatch()
            guard hasFence, judge.missingRecords(for: batch.candidates).isEmpty else { return state.lackRecords() }
            try decide(batch)
        }
    }

    private func loadRecords() throws(RedisError) {
        try judge.withBatch { () throws(RedisError) in
            state.takeReturnedEntries()
            guard let batch = state.judging else { return }
            if batch.fence == nil, batch.hasNewEntries { try records.refresh(connection) }
            let missing = judge.missingRecords(for: batch.candidates)
            if !missing.isEmpty { try records.load(missing, connection) }
            try decide(batch)
        }
    }

    private func decide(_ batch: BatchInJudgement) throws(RedisError) {
        let now = context.decisionClock()
        let judged = try judge.judge(batch, at: now, reservationsUntil: encoder.reservationExpiry(from: now)) {
            state.isInFlight($0)
        }
        propose(judged, claimsMark: batch.claimsMark, now: now)
    }

    /// Encodes the commit of a judged batch.
    private func propose(_ batch: JudgedBatch, claimsMark: String?, now: Timestamp) {
        commands.removeAll()
        let commitProtocol: CommitProtocol
        if protocolChoice.usesTransaction(for: batch.items, hasMark: claimsMark != nil), let claimsMark {
            encoder.encodeTransaction(batch.items, mark: claimsMark, now: now, into: &commands)
            commitProtocol = .transaction(commands: commands.count)
        } else {
            encoder.encode(batch.items, sha: scriptSHA, now: now, into: &commands)
            commitProtocol = .script
        }
        state.judge(PendingCommit(batch: batch, commitProtocol: commitProtocol))
    }
}

// MARK: Exchanges

extension Session {
    private func send(_ reading: Exchange.Reading) throws(RedisError) {
        try judge.checkThread()
        if state.judged == nil {
            commands.removeAll()
        } else if let replicaWait = context.configuration.redis.replicaWait {
            commands.add(replicaWait)
        }
        guard reading != .nothing else {
            state.send(.nothing, repliesBefore: 0, fence: nil)
            return try connection.post(commands)
        }
        let before = commands.count
        if protocolChoice.allowsTransactions {
            if lacksClaimsMark {
                reader.encodeSetClaimsMark(String(context.runtime.monotonic(), radix: 36), into: &commands)
            }
            reader.encodeReadClaimsMark(into: &commands)
        }
        let repliesBefore = commands.count - before
        reader.encodeReadNew(
            count: batchSize, block: reading == .blocking ? reader.longestBlock : nil, into: &commands)
        let fence = records.encodeFence(into: &commands)
        state.send(reading, repliesBefore: repliesBefore, fence: fence)
        try connection.post(commands)
    }

    /// Waits for the replies to the oldest exchange.
    private func receive() throws(RedisError) -> Exchange.Reading {
        if let commit = state.takeOldestCommit() { try receiveCommit(commit) }
        let exchange = state.removeOldestExchange()
        guard exchange.reading != .nothing else { return .nothing }
        let asked = context.runtime.monotonic()
        // An immediate read may stand behind a blocking one.
        let replies = try connection.receive(
            exchange.repliesBefore + (exchange.fence == nil ? 1 : 2), extraTimeout: reader.longestBlock)
        let waited = context.runtime.monotonic() &- asked
        pollBusily(exchange.reading == .blocking && waited < context.configuration.intake.busyPoll.nanoseconds)
        var batch = try reader.decode(replies[exchange.repliesBefore])
        if exchange.repliesBefore > 0 {
            batch.claimsMark = replies[exchange.repliesBefore - 1].text
            lacksClaimsMark = batch.claimsMark == nil
        }
        if let number = exchange.fence {
            records.fenced(replies.last)
            batch.fence = number
            fence = number
        }
        if exchange.reading == .blocking, batch.isEmpty { refreshIdle() }
        state.arrive(batch)
        return exchange.reading
    }

    /// While entries come within `busy_poll` of a commit, waits poll instead of sleeping: waking up takes longer than
    /// Redis takes to answer. A backlog needs no polling, because Redis has the next exchange already.
    private func pollBusily(_ isBusy: Bool) {
        connection.busyPoll = isBusy ? context.configuration.intake.busyPoll : .zero
        records.busyPoll = connection.busyPoll
    }

    private func receiveCommit(_ commit: consuming PendingCommit) throws(RedisError) {
        let replies = try connection.receive(commit.commitProtocol.replies)
        try settle(commit, replies)
        guard let replicaWait = context.configuration.redis.replicaWait else { return }
        guard let held = try connection.receive(1, extraTimeout: replicaWait.timeout).first,
            replicaWait.isSatisfied(by: held)
        else {
            // The decisions stand on this master. The session ends, so that the next asks the sentinels for the master
            // before it decides more.
            throw RedisError(
                code: .replyUnexpected,
                message: "fewer than \(replicaWait.count) replicas hold the last commit (redis.wait_replicas)")
        }
    }

    private func settle(_ commit: consuming PendingCommit, _ replies: RedisReplies) throws(RedisError) {
        let deferred = commit.batch.deferred
        let commitProtocol = commit.commitProtocol
        var committed = CommittedBatch(items: (consume commit).batch.items)
        if case .transaction = commitProtocol {
            guard try committed.read(transaction: replies) else {
                state.takeBack(committed.items, deferred: deferred)
                protocolChoice.transactionWasRefused()
                return context.metrics.refusedTransactions.increment()
            }
            protocolChoice.transactionWasExecuted()
        } else {
            try committed.read(script: replies.first)
        }
        try state.settle(&committed, deferred: deferred)
        for index in committed.items.indices where committed.results[index] != .applied {
            records.dropReservations(of: committed.items[index].decision)
        }
        state.batchSize = min(2 * state.batchSize, context.configuration.intake.batch)
        onCommit(committed)
        judge.reuse(committed.takeResults())
    }
}
