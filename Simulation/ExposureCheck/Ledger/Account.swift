/// The position's account in Redis, as docs/EXPOSURE_LEDGER.md describes the hash.
struct LedgerAccount {
    static let capacity = 4

    var total = LaneSums()
    /// In the order of their codes, the empty ones first.
    var buckets = InlineArray<4, Bucket>(repeating: Bucket())
    /// The time of the newest snapshot that let a bucket go, in ticks from now.
    var shown = Snapshot.never
    /// Whether the last evidence says that there is a position.
    var isHeld = false
    /// Whether `total` cannot be read.
    var isGarbled = false
    /// The host whose commit was the last, from 1: its own mark is the last. 0 if nobody's.
    var lastCommit: UInt8 = 0

    struct Bucket {
        enum Kind: UInt8 { case none, given, executed }

        var kind = Kind.none
        var host: UInt8 = 0
        /// Given: ticks until it ends. Executed: its time, in ticks from now.
        var time: Int8 = 0
        var lanes = LaneSums()

        var code: UInt64 {
            UInt64(lanes.bits) | UInt64(UInt8(bitPattern: time)) << 32 | UInt64(host) << 40
                | UInt64(kind.rawValue) << 41
        }
    }

    var isEmpty: Bool {
        for index in 0..<Self.capacity where buckets[index].kind != .none { return false }
        return total.isZero
    }

    /// The sum of the buckets, which mends a total that cannot be read.
    var sumOfBuckets: LaneSums {
        var sum = LaneSums()
        for index in 0..<Self.capacity where buckets[index].kind != .none { sum += buckets[index].lanes }
        return sum
    }

    var flags: UInt64 {
        UInt64(total.bits) | UInt64(UInt8(bitPattern: shown)) << 32 | (isHeld ? 1 << 40 : 0)
            | (isGarbled ? 1 << 41 : 0) | UInt64(lastCommit) << 42
    }

    mutating func tick(_ lives: Lives) {
        if shown != Snapshot.never { shown = max(shown - 1, Snapshot.never + 1) }
        for index in 0..<Self.capacity where buckets[index].kind != .none {
            buckets[index].time = max(buckets[index].time - 1, -lives.executed)
            // Those that have long ended are one: the next script drops them.
            for other in 0..<index where buckets[other].kind != .none {
                guard isBucket(other, buckets[index].kind, buckets[index].host, buckets[index].time) else { continue }
                buckets[other].lanes += buckets[index].lanes
                buckets[index] = Bucket()
                break
            }
        }
    }

    mutating func sort() {
        for last in 1..<Self.capacity {
            var index = last
            while index > 0, buckets[index].code < buckets[index - 1].code {
                buckets.swapAt(index, index - 1)
                index -= 1
            }
        }
    }
}

// MARK: Buckets

extension LedgerAccount {
    mutating func add(_ lanes: LaneSums, _ kind: Bucket.Kind, host: UInt8, time: Int8) {
        total += lanes
        var free: Int?
        for index in 0..<Self.capacity {
            if buckets[index].kind == .none {
                free = index
            } else if isBucket(index, kind, host, time) {
                buckets[index].lanes += lanes
                return
            }
        }
        guard let free else { fatalError("more buckets than grants") }
        buckets[free] = Bucket(kind: kind, host: host, time: time, lanes: lanes)
    }

    mutating func take(_ lanes: LaneSums, _ kind: Bucket.Kind, host: UInt8, time: Int8) {
        total -= lanes
        for index in 0..<Self.capacity where isBucket(index, kind, host, time) {
            buckets[index].lanes -= lanes
            if buckets[index].lanes.isZero { buckets[index] = Bucket() }
            return
        }
    }

    /// A bucket of grants belongs to the session of one host. One of executions belongs to all.
    private func isBucket(_ index: Int, _ kind: Bucket.Kind, _ host: UInt8, _ time: Int8) -> Bool {
        buckets[index].kind == kind && buckets[index].time == time && (kind == .executed || buckets[index].host == host)
    }
}
