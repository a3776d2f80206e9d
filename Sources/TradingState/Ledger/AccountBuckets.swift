package import GateAPI

/// An account taken apart into its buckets, for operators. Gates need the totals only.
package struct AccountBuckets: Sendable {
    /// Grants that count together.
    package struct Bucket: Sendable {
        /// `{session}.{end, epoch ms}` of a bucket of grants that are given, the time of the execution otherwise.
        package let label: String
        /// The end of a given bucket, the time of an executed one: a later snapshot shows it.
        package let moment: Timestamp
        package var totals = LaneTotals()
    }

    package private(set) var given: [Bucket] = []
    package private(set) var executed: [Bucket] = []
    /// One sentence for each part that cannot be read or contradicts another.
    package private(set) var damage: [String] = []
    /// The totals that stand in the account, if they are not the sums of its buckets. Gates go by them.
    package private(set) var contradiction: LaneTotals?

    /// No buckets.
    package init() {}

    package init(fields: Fields) {
        var total = LaneTotals()
        for (name, value) in fields.pairs {
            let isRead =
                if name.hasPrefix(AccountFields.total) {
                    LedgerAmount.add(name.dropFirst(AccountFields.total.count), value, to: &total)
                } else if name.hasPrefix(AccountFields.given) {
                    Self.add(name.dropFirst(AccountFields.given.count), value, to: &given)
                } else if name.hasPrefix(AccountFields.executed) {
                    Self.add(name.dropFirst(AccountFields.executed.count), value, to: &executed)
                } else {
                    true
                }
            if !isRead { damage.append("field \(name) cannot be read") }
        }
        var sum = givenTotals
        sum.add(executedTotals)
        if damage.isEmpty, total != sum {
            contradiction = total
            damage.append("the totals are not the sums of the buckets")
        }
    }

    /// Adds a field of a bucket: `{label}:{lane}`.
    private static func add(_ name: Substring, _ value: String, to buckets: inout [Bucket]) -> Bool {
        guard let colon = name.lastIndex(of: ":") else { return false }
        let label = String(name[..<colon])
        guard let moment = Int64(label.split(separator: ".").last ?? "") else { return false }
        let index = buckets.firstIndex { $0.label == label } ?? buckets.count
        if index == buckets.count {
            buckets.append(Bucket(label: label, moment: Timestamp(milliseconds: moment)))
        }
        return LedgerAmount.add(name[name.index(after: colon)...], value, to: &buckets[index].totals)
    }

    /// Drops the buckets that the next commit drops: those that a snapshot shows, and those that are too old.
    package func tidied(now: Timestamp, snapshot: Timestamp?, margin: Duration, executedLife: Duration) -> Self {
        var tidied = self
        func isGone(_ bucket: Bucket) -> Bool {
            now.since(bucket.moment) >= executedLife || snapshot.map { $0.since(bucket.moment) > margin } ?? false
        }
        tidied.given.removeAll { $0.moment <= now && isGone($0) }
        tidied.executed.removeAll(where: isGone)
        return tidied
    }

    /// The sum of the grants that are given.
    package var givenTotals: LaneTotals { Self.sum(given) }
    /// The sum of the grants that are executed.
    package var executedTotals: LaneTotals { Self.sum(executed) }

    private static func sum(_ buckets: [Bucket]) -> LaneTotals {
        var sum = LaneTotals()
        for bucket in buckets { sum.add(bucket.totals) }
        return sum
    }
}
