package import GateAPI

/// The names and texts of accounts in Redis, shared with the commit.
package enum AccountFields {
    package static let keyPrefix = "quantum:governor:account:"
    /// The keys of an earlier release, by symbol.
    package static let reservedPrefix = "quantum:governor:reserved:position:"

    package static let shown = "shown"
    package static let held = "held"
    /// The beginnings of the names of fields: the totals, and the buckets of grants that are given or executed.
    package static let total = "t:"
    package static let given = "g:"
    package static let executed = "x:"

    /// The totals of an account's hash. If one of them is no number, or negative, the buckets that can be read count
    /// instead: a share that is garbled must not be free.
    package static func totals(in fields: Fields) -> LaneTotals {
        var totals = LaneTotals()
        for (name, value) in fields.pairs where name.hasPrefix(total) {
            guard LedgerAmount.add(name.dropFirst(total.count), value, to: &totals) else { return buckets(in: fields) }
        }
        return totals.hasNegative ? buckets(in: fields) : totals
    }

    /// The sums of the buckets that can be read.
    private static func buckets(in fields: Fields) -> LaneTotals {
        var totals = LaneTotals()
        for (name, value) in fields.pairs where name.hasPrefix(given) || name.hasPrefix(executed) {
            var sums = totals
            guard let colon = name.lastIndex(of: ":"), !value.hasPrefix("-"),
                LedgerAmount.add(name[name.index(after: colon)...], value, to: &sums)
            else { continue }
            totals = sums
        }
        return totals
    }

    /// The fields of ``totals(in:)``.
    package static func fields(_ totals: LaneTotals) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for lane in 0..<LaneTotals.capacity {
            LedgerAmount(totals[lane]).forEachPart(lane: lane) { pairs.append((total + $0, String($1))) }
        }
        return pairs
    }

    /// The name of a lane of an account such as `position:BTCUSDT`, as in `capped_buy`; its number in an unknown pool.
    package static func laneName(_ lane: Int, inAccount account: String) -> String {
        switch account.prefix(while: { $0 != ":" }) {
        case PositionPool.name: PositionPool.Lane(rawValue: lane).map { "\($0)".inSnakeCase } ?? String(lane)
        case HeatPool.name: HeatPool.Lane(rawValue: lane).map { "\($0)".inSnakeCase } ?? String(lane)
        default: String(lane)
        }
    }
}

extension LaneTotals {
    fileprivate var hasNegative: Bool { (0..<Self.capacity).contains { self[$0].isNegative } }
}

extension AccountRecord {
    /// The text by which grants and keys name an account.
    package static func scope(_ symbol: Symbol) -> String {
        isPerSymbol ? "\(poolName):\(symbol.name)" : poolName
    }
}

extension String {
    fileprivate var inSnakeCase: String {
        map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }
}
