import GateAPI
import Redis
import TradingState

/// The records that the gates read, kept between batches for as long as Redis says that they are unchanged.
///
/// Without an ``InvalidationFeed`` to say so, everything is read anew for every batch. Either way a record's own age
/// rules apply to it at every look.
struct InputCache {
    var records = BatchInputs(inputs: Inputs(now: Timestamp(milliseconds: 0)))
    private let keepsRaw: Bool
    /// Which records a Redis key makes up.
    private var owners: [String: [InputKey]] = [:]
    /// Records whose keys expire: a key that expires is gone before the server gets round to saying so.
    private var expiries: [InputKey: UInt64] = [:]
    private var nextExpiry = UInt64.max
    /// Records that serve one batch only.
    private var fleeting: [InputKey] = []

    /// Beyond so many Redis keys everything is dropped: the symbols in plans are anybody's choice.
    static let maximumKeys = 100_000

    init(keepsRaw: Bool) {
        self.keepsRaw = keepsRaw
    }

    /// Drops what has served its batch and what has expired.
    mutating func startBatch(monotonic now: UInt64) {
        if owners.count > Self.maximumKeys { removeAll() }
        for key in fleeting { remove(key) }
        fleeting.removeAll(keepingCapacity: true)
        guard now >= nextExpiry else { return }
        for (key, moment) in expiries where moment <= now { remove(key) }
        nextExpiry = expiries.values.min() ?? .max
    }

    /// Takes what was read. Records that do not last are dropped when the next batch begins.
    mutating func store(
        _ keys: [InputKey], _ replies: RedisReplies, _ reader: InputReader, now: Timestamp, monotonic: UInt64
    ) {
        reader.decode(keys, replies, now: now) { key, decoded, generations, lifetime in
            records.set(decoded.box, for: key, generations, isRecorded: keepsRaw)
            for name in key.redisKeys where owners[name]?.contains(key) != true {
                owners[name, default: []].append(key)
            }
            guard decoded.isLasting, key.isKept else { return fleeting.append(key) }
            guard let lifetime else { return }
            let moment = monotonic &+ UInt64(lifetime) &* 1_000_000
            expiries[key] = moment
            nextExpiry = min(nextExpiry, moment)
        }
    }

    /// Drops a record, and with it those that are made of the same Redis keys: what is recorded of a key is one reading
    /// of it.
    mutating func remove(_ key: InputKey) {
        records.remove(key)
        expiries[key] = nil
        for name in key.redisKeys {
            for owner in owners.removeValue(forKey: name) ?? [] where owner != key { remove(owner) }
        }
    }

    mutating func removeAll() {
        records.removeAll()
        owners.removeAll(keepingCapacity: true)
        expiries.removeAll(keepingCapacity: true)
        nextExpiry = .max
        fleeting.removeAll(keepingCapacity: true)
    }

    /// Drops the records that a Redis key makes up.
    mutating func remove(_ name: String) {
        for key in owners[name] ?? [] { remove(key) }
    }
}
