import GateAPI
import Redis

/// The records that one session judges by: kept while Redis says that they are unchanged, read where they are not at
/// hand.
///
/// Without an ``InvalidationFeed``, or once that is lost, everything is read anew for every batch.
final class SessionInputs {
    private let pipeline: Pipeline
    private let calls: ContainedCalls
    private let clock: @Sendable () -> Timestamp
    private let monotonic: @Sendable () -> UInt64
    private var cache: InputCache
    private var feed: InvalidationFeed?
    private var loads = RedisPipeline()
    private var request = InputRequest()

    init(
        _ pipeline: Pipeline, _ calls: ContainedCalls, keepsRaw: Bool, clock: @escaping @Sendable () -> Timestamp,
        monotonic: @escaping @Sendable () -> UInt64
    ) {
        self.pipeline = pipeline
        self.calls = calls
        self.clock = clock
        self.monotonic = monotonic
        cache = InputCache(keepsRaw: keepsRaw)
    }

    /// What is at hand. To be swapped out while it is judged by, so that nothing is copied for it.
    var records: BatchInputs {
        get { cache.records }
        set { cache.records = newValue }
    }

    /// Whether records are kept between batches.
    var isCaching: Bool { feed != nil }

    /// How long a wait for the feed stays awake.
    var busyPoll: Duration = .zero {
        didSet { feed?.busyPoll = busyPoll }
    }

    func startCaching(_ feed: InvalidationFeed) {
        stopCaching()
        self.feed = feed
    }

    func stopCaching() {
        feed?.close()
        feed = nil
        cache.removeAll()
    }

    /// Drops what has served its batch, and what has expired; without a feed, everything.
    func startBatch() {
        if isCaching { cache.startBatch(monotonic: monotonic()) } else { cache.removeAll() }
    }

    /// Adds a fence behind a read of entries, and says which: what was changed before they were delivered is known once
    /// it has come.
    func encodeFence(into pipeline: inout RedisPipeline) -> Int? {
        feed?.encodeFence(into: &pipeline)
    }

    /// Takes the answer to a fence: how many it has reached. There may be others, who want to hear everything.
    func fenced(_ reply: RedisReply?) {
        if (reply?.integer ?? 0) < 1 { stopCaching() }
    }

    /// Drops the records that have changed, up to a fence. Losing the feed is no reason to stop: without it everything
    /// is read anew.
    func refresh(upTo fence: Int) {
        guard let feed else { return }
        do throws(RedisError) {
            switch try feed.changes(upTo: fence) {
            case .everything: cache.removeAll()
            case .keys(let names): for name in names { cache.remove(name) }
            }
        } catch {
            stopCaching()
        }
    }

    /// Drops the records that have changed up to now. Nothing else may be under way on the connection.
    func refresh(_ connection: RedisConnection) throws(RedisError) {
        var pipeline = RedisPipeline()
        guard let fence = encodeFence(into: &pipeline) else { return }
        fenced(try connection.send(pipeline).first)
        refresh(upTo: fence)
    }

    /// What judging the entries needs and is not at hand.
    func missing(for candidates: [IntakeSession.Candidate]) -> [InputKey] {
        var missing: [InputKey] = []
        var seen: Set<InputKey> = []
        var records = BatchInputs(inputs: Inputs(now: Timestamp(milliseconds: 0)))
        swap(&records, &cache.records)
        defer { swap(&records, &cache.records) }
        for candidate in candidates {
            guard case .execute(let intent) = candidate.entry.parsed else { continue }
            request.removeAll()
            pipeline.request(for: intent, &request, contained: calls)
            records.inputs.focus(on: intent.symbol)
            for index in request.keys.indices where !records.inputs.contains(request.keys[index]) {
                if seen.insert(request.keys[index]).inserted { missing.append(request.keys[index]) }
            }
        }
        return missing
    }

    /// Reads records. Nothing else may be under way on the connection.
    func load(_ missing: [InputKey], _ connection: RedisConnection) throws(RedisError) {
        let reader = InputReader(isForKeeping: isCaching)
        loads.removeAll()
        reader.encode(missing, into: &loads)
        // Lifetimes count from before they were asked for.
        let asked = monotonic()
        let replies = try connection.send(loads)
        cache.store(missing, replies, reader, now: clock(), monotonic: asked)
    }

    /// What was taken for reserved by a decision is not.
    func dropReservations(of decision: Decision) {
        for pending in decision.reservations { cache.remove(pending.reservation.key) }
    }

    /// The records that an entry is judged by, for its decision's record.
    func recorded(_ entry: StreamEntry, _ records: BatchInputs) -> [UInt8]? {
        guard let intent = entry.parsed.intent else { return nil }
        request.removeAll()
        pipeline.request(for: intent, &request, contained: calls)
        return records.json(request)
    }
}
