import TradingState

/// Moving the shares of grants.
extension Settlement {
    private mutating func change(_ key: String, _ field: String, by value: Int64) {
        changes[key, default: [:]][field, default: 0] += value
    }

    /// Takes the shares of a grant out of its bucket, as far as they are still there. Returns whether all of them were.
    @discardableResult
    mutating func release(_ grant: Grant) -> Bool {
        var isComplete = true
        for share in grant.shares {
            let key = accountPrefix + share.account
            let field = "\(AccountFields.given)\(grant.label):\(share.suffix)"
            let there = call.value(key, field).flatMap { LedgerCall.isAmount($0) ? Int64($0) : nil } ?? 0
            guard there + (changes[key]?[field] ?? 0) >= share.value else {
                isComplete = false
                continue
            }
            change(key, field, by: -share.value)
            change(key, AccountFields.total + share.suffix, by: -share.value)
        }
        return isComplete
    }

    /// Counts a share as executed from now on, until a snapshot shows it. Returns the bucket's time.
    mutating func execute(_ share: Grant.Share) -> Int64 {
        let key = accountPrefix + share.account
        let at = executed[key]?.at ?? executionTime(share.account, key)
        executed[key] = (at, executed[key]?.opens ?? false || share.opens)
        guard !server.flaws.contains(.forgetsExecutions) else { return at }
        change(key, "\(AccountFields.executed)\(at):\(share.suffix)", by: share.value)
        change(key, AccountFields.total + share.suffix, by: share.value)
        return at
    }

    private func executionTime(_ name: String, _ key: String) -> Int64 {
        let parts = name.split(separator: ":", maxSplits: 1)
        let pool = parts.first.flatMap { pools[String($0)] }
        let symbol = parts.count > 1 ? parts[1] : ""
        let stamps = pool?.keys.map { call.stamp($0.prefix + symbol + $0.suffix, pool?.field ?? "") } ?? []
        let unit: Int64 = server.fields(key).count > 100 ? 60_000 : 1_000
        return (max(call.time, stamps.max() ?? 0) + unit - 1) / unit * unit
    }

    func store() {
        for (key, fields) in changes.sorted(by: { $0.key < $1.key }) {
            for (field, value) in fields.sorted(by: { $0.key < $1.key }) where value != 0 {
                call.add(key, field, value)
            }
        }
        for (key, execution) in executed {
            if execution.opens { server.setField(key, AccountFields.held, "1") }
            if server.lifetime(key) < accountLife { server.expire(key, in: accountLife) }
        }
    }
}

extension Settlement {
    /// The quantity of an order that was filled, if its report tells.
    struct Filled {
        let units: Int64
        let whole: Int64

        init?(report: String) {
            let parts = report.split(separator: " ")
            guard parts.count == 3, let units = Int64(parts[1]), let whole = Int64(parts[2]) else { return nil }
            (self.units, self.whole) = (units, whole)
        }

        /// Whether it is more than the grant has in some lane of a position.
        func exceeds(_ shares: [Grant.Share]) -> Bool {
            var granted: [String: Int128] = [:]
            for share in shares where share.isOfPosition {
                granted[share.account + String(share.lane), default: 0] +=
                    Int128(share.value) * (share.suffix.hasSuffix("w") ? 100_000_000 : 1)
            }
            return granted.values.contains { Int128(whole) * 100_000_000 + Int128(units) > $0 }
        }

        /// The shares of an order of which so much was filled. Other pools keep theirs.
        func shares(of shares: [Grant.Share]) -> [Grant.Share] {
            var seen: Set<String> = []
            return shares.flatMap { share -> [Grant.Share] in
                guard share.isOfPosition else { return [share] }
                guard seen.insert(share.account + String(share.lane)).inserted else { return [] }
                let parts = [(String(share.lane), units), (String(share.lane) + "w", whole)]
                return parts.filter { $0.1 != 0 }.map {
                    Grant.Share(account: share.account, suffix: $0.0, value: $0.1)
                }
            }
        }
    }
}
