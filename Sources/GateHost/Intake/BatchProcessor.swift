import GateAPI
import Redis

/// Takes a batch from entries to committed decisions: one round trip for the inputs, one for the commit.
struct BatchProcessor {
    let pipeline: Pipeline
    let clock: @Sendable () -> Timestamp
    let recordsInputs: Bool
    var encoder: CommitEncoder
    let reader = InputReader()
    private var commands = RedisPipeline()
    private var scriptSHA = ""

    init(pipeline: Pipeline, configuration: HostConfiguration, host: String, clock: @escaping @Sendable () -> Timestamp) {
        self.pipeline = pipeline
        // Records tell the time in milliseconds; judging at just that time makes a replay exact.
        self.clock = { Timestamp(milliseconds: clock().milliseconds) }
        recordsInputs = configuration.answers.recordInputs
        encoder = CommitEncoder(configuration: configuration, host: host)
    }

    mutating func loadScript(_ connection: RedisConnection) throws(RedisError) {
        scriptSHA = try connection.command("SCRIPT", "LOAD", CommitScript.source).text ?? ""
    }

    /// Decides and commits the batch. Entries whose gates read reservations that somebody else changed meanwhile are judged again, on what is now so.
    mutating func process(_ batch: StreamReader.Batch, _ connection: RedisConnection) throws(RedisError) -> CommittedBatch {
        var committed = CommittedBatch()
        var entries = batch.entries
        var items: [CommitItem] = []
        for id in batch.bodiless { items.append(CommitItem(decision: Self.gone(id))) }
        for id in batch.trimmed { items.append(CommitItem(decision: Self.gone(id), isTrimmed: true)) }
        var resolved: Set<String> = []
        for _ in 0..<Self.maximumAttempts {
            let (now, later) = try decide(entries, &items, resolved, connection)
            let done = try commit(items, now: now, connection)
            committed.failedEvents += done.failedEvents
            committed.decisions += done.decisions.filter { $0.result != .conflict }
            let conflicts = Set(done.decisions.filter { $0.result == .conflict }.map(\.decision.id))
            committed.conflicts += conflicts.count
            // Only what was judged has given its plan id an outcome; a skip uses up nothing.
            for judged in done.decisions where judged.result != .conflict && judged.decision.intent != nil {
                resolved.insert(judged.decision.planID)
            }
            entries = entries.filter { conflicts.contains($0.id) } + later
            guard !entries.isEmpty else { return committed }
            items = []
        }
        throw RedisError(code: .replyUnexpected, message: "\(entries.count) entries lost the race for reservations \(Self.maximumAttempts) times")
    }

    /// Of the hosts that race for a reservation one always wins, so this many losses in a row mean that something is wrong.
    private static let maximumAttempts = 1_000

    /// Appends a decision for each entry. What an entry is permitted and reserves, the later ones of the batch see. Entries with a plan id that an earlier
    /// one has are left for later: whether they are duplicates is known only when that one is committed, and until then they must reserve nothing.
    private mutating func decide(
        _ entries: [StreamEntry], _ items: inout [CommitItem], _ resolved: Set<String>, _ connection: RedisConnection
    ) throws(RedisError) -> (now: Timestamp, later: [StreamEntry]) {
        var request = InputRequest()
        for entry in entries {
            if case .execute(let intent) = entry.parsed { pipeline.request(for: intent, &request) }
        }
        var inputs = try read(request, connection)
        let now = inputs.inputs.now
        let expiry = encoder.reservationExpiry(from: now)
        var seen: Set<String> = []
        var later: [StreamEntry] = []
        for entry in entries {
            var isDuplicate = false
            if case .execute(let intent) = entry.parsed {
                isDuplicate = resolved.contains(intent.planID)
                if !isDuplicate, !seen.insert(intent.planID).inserted {
                    later.append(entry)
                    continue
                }
            }
            var decision = pipeline.decide(entry, inputs.inputs, stopwatch: MonotonicStopwatch())
            if isDuplicate { decision.reservations = [] }
            items.append(CommitItem(decision: decision, inputs: recorded(entry, inputs)))
            guard decision.outcome == .permit else { continue }
            for pending in decision.reservations {
                inputs.reserve(pending.reservation, planID: decision.planID, by: entry.id, until: expiry, isRecorded: recordsInputs)
            }
        }
        return (now, later)
    }

    private mutating func read(_ request: InputRequest, _ connection: RedisConnection) throws(RedisError) -> BatchInputs {
        guard !request.keys.isEmpty else { return BatchInputs(inputs: Inputs(now: clock())) }
        commands.removeAll()
        reader.encode(request, into: &commands)
        let replies = try connection.send(commands)
        return reader.decode(request, replies, now: clock())
    }

    private func recorded(_ entry: StreamEntry, _ inputs: BatchInputs) -> [UInt8]? {
        guard recordsInputs, case .execute(let intent) = entry.parsed else { return nil }
        var request = InputRequest()
        pipeline.request(for: intent, &request)
        return inputs.json(request)
    }

    private mutating func commit(_ items: [CommitItem], now: Timestamp, _ connection: RedisConnection) throws(RedisError) -> CommittedBatch {
        commands.removeAll()
        encoder.encode(items, sha: scriptSHA, now: now, into: &commands)
        var reply = try connection.send(commands).first
        if reply?.error?.prefix == "NOSCRIPT" {
            // A restarted or failed-over server has forgotten its scripts; nothing of the batch was done.
            try loadScript(connection)
            reply = try connection.send(commands).first
        }
        if let error = reply?.error { throw RedisError(error) }
        guard let reply, reply.count >= items.count else {
            throw RedisError(code: .replyUnexpected, message: "the commit answered \(reply?.count ?? 0) of \(items.count) entries")
        }
        var committed = CommittedBatch()
        for (offset, element) in reply.elements.enumerated() {
            if offset < items.count {
                guard let result = element.integer.flatMap(CommitResult.init) else {
                    throw RedisError(code: .replyUnexpected, message: "the commit answered something that is not a result")
                }
                committed.decisions.append(CommittedDecision(decision: items[offset].decision, result: result))
            } else if let text = element.text {
                committed.failedEvents.append(text)
            }
        }
        return committed
    }

    private static func gone(_ id: EntryID) -> Decision {
        Decision(id: id, outcome: .deadLetter, reason: "entry_trimmed", fields: [:])
    }
}

/// A decision and what the commit made of it.
package struct CommittedDecision: Sendable {
    package let decision: Decision
    package let result: CommitResult

    /// The outcome as recorded; `nil` where another host had already decided the entry.
    package var outcome: Outcome? {
        switch result {
        case .alreadyDecided, .conflict: nil
        case .applied: decision.outcome
        case .duplicate, .permitExists: .duplicate
        case .planIDReused: .block
        }
    }

    package var reason: String {
        switch result {
        case .alreadyDecided, .applied, .conflict: decision.reason
        case .duplicate: "plan_already_decided"
        case .permitExists: "permit_exists"
        case .planIDReused: "plan_id_reused"
        }
    }
}

package struct CommittedBatch: Sendable {
    package var decisions: [CommittedDecision] = []
    /// Events that Redis refused, such as `key: WRONGTYPE …`; their decisions stand.
    package var failedEvents: [String] = []
    /// How often an entry was judged again because somebody else had reserved.
    package var conflicts = 0
}

/// The monotonic clock, read twice a gate.
struct MonotonicStopwatch: Stopwatch {
    func now() -> UInt64 { Monotonic.nanoseconds() }
    func elapsed(since start: UInt64) -> Duration { .nanoseconds(Int64(clamping: Monotonic.nanoseconds() &- start)) }
}
