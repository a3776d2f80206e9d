import GateAPI
import Redis
import TradingState

/// The records that the gates read, kept between batches until Redis reports a change.
///
/// A kept record still grows stale by its own age rule: the gates check that at every reading.
struct InputCache {
    var records = BatchInputs(inputs: Inputs(now: Timestamp(milliseconds: 0)))
    let keepsRaw: Bool
    /// The records that are read from each Redis key.
    private var owners: [String: [InputKey]] = [:]
    /// When the records of expiring keys end. Redis reports an expiry late, so the cache keeps the time itself.
    private var expiries: [InputKey: UInt64] = [:]
    private var nextExpiry = UInt64.max
    /// Records that serve one batch only.
    private var fleeting: [InputKey] = []
    /// The accounts at hand.
    private var accounts: Set<InputKey> = []

    /// Beyond this many Redis keys the cache drops everything: producers choose the symbols, so their number has no
    /// bound.
    static let maximumKeys = 100_000

    init(keepsRaw: Bool) {
        self.keepsRaw = keepsRaw
    }

    /// Drops the records that serve one batch only and those that have expired.
    mutating func startBatch(monotonic now: UInt64) {
        if owners.count > Self.maximumKeys { removeAll() }
        for key in fleeting { remove(key) }
        fleeting.removeAll(keepingCapacity: true)
        guard now >= nextExpiry else { return }
        for (key, moment) in expiries where moment <= now { remove(key) }
        nextExpiry = expiries.values.min() ?? .max
    }

    /// Stores the records of a load. Those that cannot be kept serve this batch only.
    mutating func store(
        _ keys: [InputKey], _ replies: RedisReplies, _ reader: InputReader, now: Timestamp, monotonic: UInt64
    ) {
        reader.decode(keys, replies, now: now) { key, decoded, generations, lifetime in
            records.set(decoded.box, for: key, generations, isRecorded: keepsRaw)
            for name in key.redisKeys where owners[name]?.contains(key) != true {
                owners[name, default: []].append(key)
            }
            if key.isAccount {
                accounts.insert(key)
                return
            }
            guard decoded.isLasting else { return fleeting.append(key) }
            guard let lifetime else { return }
            let moment = monotonic &+ UInt64(lifetime) &* 1_000_000
            expiries[key] = moment
            nextExpiry = min(nextExpiry, moment)
        }
    }

    /// Drops a record, and with it all others that share a Redis key with it: they must come from one reading.
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
        accounts.removeAll(keepingCapacity: true)
    }

    mutating func removeAccounts(except kept: Set<InputKey> = []) {
        for key in accounts.subtracting(kept) { remove(key) }
        accounts.formIntersection(kept)
    }

    /// Drops the records that are read from a Redis key.
    mutating func remove(_ name: String) {
        for key in owners[name] ?? [] { remove(key) }
    }
}
