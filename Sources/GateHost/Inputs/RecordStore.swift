import GateAPI
import Platform
import Redis

/// The records that one session judges by. It keeps a record until Redis reports a change, and reads those that it does
/// not have.
///
/// Without an ``InvalidationFeed``, or once that is lost, it reads every record anew for every batch.
final class RecordStore {
    /// Adds the records that judging an intent takes to a request.
    typealias Requesting = (Intent, inout InputRequest) -> Void

    private let clock: @Sendable () -> Timestamp
    private let monotonic: @Sendable () -> UInt64
    private var cache: InputCache
    private var feed: InvalidationFeed?
    private var loads = RedisPipeline()
    private var request = InputRequest()
    private let accounts: AccountReading?

    /// - Parameter accounts: how accounts are read; `nil` where there are none.
    init(
        keepsRaw: Bool, clock: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> UInt64,
        accounts: AccountReading?
    ) {
        self.accounts = accounts
        self.clock = clock
        self.monotonic = monotonic
        cache = InputCache(keepsRaw: keepsRaw)
    }

    /// The records at hand. Swap them out while judging by them: a copy would cost an allocation per batch.
    var records: BatchInputs {
        get { cache.records }
        set { cache.records = newValue }
    }

    /// Whether records are kept between batches.
    var isCaching: Bool { feed != nil }

    /// The time for which a wait for the feed polls instead of sleeping.
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

    /// Drops records that serve one batch only and records that have expired; without a feed, all records.
    func startBatch() {
        if isCaching { cache.startBatch(monotonic: monotonic()) } else { cache.removeAll() }
    }
}

// MARK: Changes

extension RecordStore {
    /// Adds a fence behind a read of entries, and returns its number. Once the fence has come back, the feed has
    /// reported every change that was made before the entries were delivered.
    func encodeFence(into pipeline: inout RedisPipeline) -> Int? {
        feed?.encodeFence(into: &pipeline)
    }

    /// Takes the reply to a fence: the number of subscribers that it reached. With none the feed is lost; with more
    /// than one, others listen too.
    func fenced(_ reply: RedisReply?) {
        if (reply?.integer ?? 0) < 1 { stopCaching() }
    }

    /// Drops the records that changed before a fence. If the feed is lost, the store goes on without it.
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

    /// Drops the records that have changed up to now. No exchange may be in flight on the connection.
    func refresh(_ connection: RedisConnection) throws(RedisError) {
        var pipeline = RedisPipeline()
        guard let fence = encodeFence(into: &pipeline) else { return }
        fenced(try connection.send(pipeline).first)
        refresh(upTo: fence)
    }

    /// Drops all accounts, so that they are read anew.
    func forgetAccounts(except kept: Set<InputKey> = []) {
        cache.removeAccounts(except: kept)
    }

    /// Sets an account's totals to what a commit left, if the account is at hand.
    func setTotals(_ totals: LaneTotals, of use: AccountUse) {
        cache.records.setTotals(totals, of: use.account, use.symbol, isRecorded: cache.keepsRaw)
    }

    /// Notes whether there is a position, as a commit has noted it.
    func setHeld(_ isHeld: Bool, of use: AccountUse) {
        cache.records.inputs.setHeld(isHeld, of: use.account, use.symbol)
    }

    /// Drops an account that is not as Redis has it, and the records by which it is settled.
    func drop(_ use: AccountUse) {
        dropAccount(use)
        for record in use.account.snapshots { cache.remove(InputKey(record, use.symbol)) }
    }

    func dropAccount(_ use: AccountUse) {
        cache.remove(use.key)
    }
}

// MARK: Reading

extension RecordStore {
    /// The records that judging the candidates takes and that are not at hand.
    func missing(for candidates: [Candidate], requesting: Requesting) -> [InputKey] {
        var missing: [InputKey] = []
        var seen: Set<InputKey> = []
        var records = BatchInputs(inputs: Inputs(now: Timestamp(milliseconds: 0)))
        swap(&records, &cache.records)
        defer { swap(&records, &cache.records) }
        for candidate in candidates {
            guard case .execute(let intent) = candidate.entry.parsed else { continue }
            request.removeAll()
            requesting(intent, &request)
            records.inputs.focus(on: intent.symbol)
            for index in request.keys.indices where !records.inputs.contains(request.keys[index]) {
                if seen.insert(request.keys[index]).inserted { missing.append(request.keys[index]) }
            }
        }
        return missing
    }

    /// Reads records. No exchange may be in flight on the connection.
    func load(_ missing: [InputKey], _ connection: RedisConnection) throws(RedisError) {
        let reader = InputReader(isForKeeping: isCaching, accounts: accounts)
        loads.removeAll()
        reader.encode(missing, into: &loads)
        // A key's remaining life counts from before it was asked for, so that a record is never kept too long.
        let asked = monotonic()
        let replies = try connection.send(loads)
        cache.store(missing, replies, reader, now: clock(), monotonic: asked)
    }

    /// The records that an entry was judged by, as JSON for its decision record.
    func recorded(_ entry: StreamEntry, _ records: BatchInputs, requesting: Requesting) -> [UInt8]? {
        guard let intent = entry.parsed.intent else { return nil }
        request.removeAll()
        requesting(intent, &request)
        return records.json(request)
    }
}
