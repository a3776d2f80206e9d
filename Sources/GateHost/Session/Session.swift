import Deployment
import GateAPI
import Platform
import Redis
import Telemetry

/// One session with Redis. It performs the actions of its ``SessionState``: reads entries, has them judged, and commits
/// the decisions.
final class Session {
    var state: SessionState
    let records: RecordStore
    let connection: RedisConnection
    /// Reads, claims and lists as many entries at once as ``SessionState/batchSize`` says.
    private let baseReader: StreamReader
    let judge: BatchJudge
    let context: IntakeContext
    let onCommit: (CommittedBatch) -> Void
    let scriptSHA: String
    let encoder: CommitEncoder
    var protocolChoice: CommitProtocolChoice
    var baton = CommitBaton()
    var ledger: LedgerSession
    /// The commands of the next exchange.
    var commands = RedisPipeline()
    /// Whether the claims mark must be set before a transaction is possible.
    var lacksClaimsMark = true
    /// Whether the session waits for entries. If the session ends meanwhile, the read is lost.
    private(set) var isReading = false
    /// Redis' time when the session began, and the monotonic time just before it was asked.
    private let beginning: (time: Timestamp, asked: UInt64)
    /// The newest fence that has come back.
    var fence = 0

    /// - Parameter onCommit: called with every batch after its commit.
    init(
        _ connection: RedisConnection, reader: StreamReader, calls: ContainedCalls, context: IntakeContext,
        onCommit: @escaping (CommittedBatch) -> Void
    ) throws(RedisError) {
        self.connection = connection
        baseReader = reader
        self.context = context
        self.onCommit = onCommit
        let configuration = context.configuration
        state = SessionState(batchSize: reader.batch)
        records = RecordStore(
            keepsRaw: configuration.answers.recordInputs, clock: context.decisionTime,
            monotonic: context.runtime.monotonic,
            accounts: context.pipeline.accounts.isEmpty
                ? nil : try AccountReading(connection, configuration.answers))
        judge = BatchJudge(
            pipeline: context.pipeline, calls: calls, records: records,
            recordsInputs: configuration.answers.recordInputs,
            source: configuration.intake.source(of: reader.stream), symbols: context.metrics.symbols)
        // From before Redis was asked, so that no bucket ends too early, however late the answer is.
        let asked = context.runtime.monotonic()
        let time = try Self.time(connection)
        beginning = (time, asked)
        ledger = LedgerSession(configuration.answers, time: time, now: asked)
        protocolChoice = CommitProtocolChoice(smallestTransaction: context.runtime.smallestTransaction)
        try CommitRights.check(
            connection, stream: reader.stream, group: reader.group, answers: configuration.answers,
            records: context.pipeline.records)
        scriptSHA = try connection.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
        encoder = CommitEncoder(stream: reader.stream, configuration: configuration, host: context.identity.host)
    }

    private static func time(_ connection: RedisConnection) throws(RedisError) -> Timestamp {
        guard let seconds = try connection.command("TIME").element(0)?.text.flatMap({ Int64($0) }) else {
            throw RedisError(code: .replyUnexpected, message: "TIME did not answer with a time")
        }
        return Timestamp(seconds: seconds + 1)
    }

    /// Redis' time, at most a second ahead. Plans expire by it, however wrong this host's clock is.
    var redisTime: Timestamp {
        let elapsed = context.runtime.monotonic() &- beginning.asked
        return Timestamp(microseconds: beginning.time.microseconds &+ Int64(clamping: elapsed / 1_000))
    }

    var reader: StreamReader {
        var reader = baseReader
        reader.batch = state.batchSize
        return reader
    }

    func next(_ goal: SessionState.Goal, isHousekeepingDue: Bool = false) -> SessionAction {
        state.next(goal, isHousekeepingDue: isHousekeepingDue)
    }

    /// Performs any action but housekeeping. Returns the kind of read whose replies have come, if it was a wait for
    /// one.
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

    /// Performs a read of entries.
    func reading<Result>(_ read: () throws(RedisError) -> Result) throws(RedisError) -> Result {
        isReading = true
        let result = try read()
        isReading = false
        return result
    }

    /// Sends an entry to the dead letters that was delivered too often without a decision.
    func processDeadLetter(_ decision: Decision) throws(RedisError) {
        var batch = JudgedBatch()
        batch.items.append(CommitItem(decision: decision))
        propose(batch, claimsMark: nil, now: context.decisionTime())
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
