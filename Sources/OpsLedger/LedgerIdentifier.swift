/// Ids that the ledger gives: `OPS-2026-01-28-007`.
enum LedgerIdentifier {
    /// One more than the highest of the day, in three digits or more.
    static func next(on date: String, after identifiers: some Sequence<String>) -> String {
        let prefix = "OPS-\(date)-"
        let highest = identifiers.lazy.compactMap { number($0, prefix) }.max() ?? 0
        let digits = String(highest + 1)
        return prefix + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    /// Nine digits at most, so that one more is always a number.
    private static func number(_ identifier: String, _ prefix: String) -> Int? {
        guard identifier.starts(exactlyWith: prefix) else { return nil }
        let digits = identifier.utf8.dropFirst(prefix.utf8.count)
        guard (1...9).contains(digits.count), digits.allSatisfy({ $0.isDigit }) else { return nil }
        return Int(Substring(digits))
    }
}
