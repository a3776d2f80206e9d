import TradingState

/// What one call of a script does to accounts. Every time is the server's. Written from docs/EXPOSURE_LEDGER.md.
final class LedgerCall {
    unowned let server: ModelServer
    let time: Int64
    /// The parts of accounts that could not be read.
    var damaged = 0

    /// A record that is further ahead of the server's clock does not count.
    static let tolerance: Int64 = 2_000

    init(_ server: ModelServer) {
        self.server = server
        time = server.ledgerTime
    }

    func value(_ key: String, _ field: String) -> String? {
        server.fields(key).first { $0.name == field }?.value
    }

    /// An integer as the server takes it: without leading zeros.
    static func integer(_ text: String) -> Int128? {
        guard let number = Int128(text), String(number) == text else { return nil }
        return number
    }

    /// A key of another type is kept under another name.
    func putAside(_ key: String) {
        server.rename(key, to: "\(key):damaged:\(time / 1_000)\(time % 1_000 * 1_000)")
        damaged += 1
    }

    /// Adds to a field, and returns the sum. What cannot be added to is dropped.
    @discardableResult
    func add(_ key: String, _ field: String, _ value: Int64) -> Int64 {
        if !server.isHash(key) { putAside(key) }
        if let sum = server.increment(key, field, by: value) { return sum }
        server.deleteField(key, field)
        damaged += 1
        return server.increment(key, field, by: value) ?? 0
    }

    /// The kind, label and lane of a bucket's or total's field.
    private static func parts(_ name: String) -> (kind: Character, label: Substring, lane: String)? {
        guard let kind = name.first, "gxt".contains(kind), name.dropFirst().first == ":" else { return nil }
        var rest = name.dropFirst(2)
        var lane = ""
        if rest.last == "w" { lane = String(rest.removeLast()) }
        guard let digit = rest.popLast(), ("0"..."7").contains(digit) else { return nil }
        if rest.last == ":" { rest.removeLast() }
        return (kind, rest, String(digit) + lane)
    }

    private static func isPart(_ name: String) -> Bool {
        name.hasPrefix(AccountFields.given) || name.hasPrefix(AccountFields.executed)
            || name.hasPrefix(AccountFields.total)
    }

    /// Whether a text is an amount as Redis writes it.
    static func isAmount(_ value: String) -> Bool {
        value.utf8.count < 19 && integer(value).map { $0 >= 0 } ?? false
    }

    /// Whether an account has parts that cannot be read.
    static func isDamaged(_ fields: [(name: String, value: String)]) -> Bool {
        fields.contains { field in
            guard isPart(field.name) else { return false }
            return !hasLane(field.name) || !isAmount(field.value)
        }
    }

    /// Whether a name ends in a colon and a lane.
    private static func hasLane(_ name: String) -> Bool {
        var rest = name[...]
        if rest.last == "w" { rest.removeLast() }
        guard let digit = rest.popLast(), ("0"..."7").contains(digit) else { return false }
        return rest.last == ":"
    }

    /// Sums all buckets anew, and drops what cannot be read.
    private func rebuild(_ key: String, _ all: [(name: String, value: String)]) {
        for field in all where field.name.hasPrefix(AccountFields.total) {
            server.deleteField(key, field.name)
            if !Self.isAmount(field.value) { damaged += 1 }
        }
        for field in all where Self.isPart(field.name) && !field.name.hasPrefix(AccountFields.total) {
            // Behind the kind, so that a label is there.
            if Self.hasLane(String(field.name.dropFirst(2))), let lane = Self.parts(field.name)?.lane,
                Self.isAmount(field.value), let value = Int64(field.value)
            {
                add(key, AccountFields.total + lane, value)
            } else {
                server.deleteField(key, field.name)
                damaged += 1
            }
        }
    }

    /// Subtracts and drops the buckets that a snapshot shows or that are too old.
    func tidy(_ key: String, snapshot stamp: Int64, margin: Int64, executedLife: Int64) {
        guard server.isHash(key) else { return putAside(key) }
        let snapshot = stamp > time + Self.tolerance ? 0 : stamp
        let all = server.fields(key)
        var gone: [String] = []
        var isShown = false
        var isHeld = false
        for field in all where Self.isPart(field.name) {
            guard let (kind, label, lane) = Self.parts(field.name) else {
                rebuild(key, all)
                server.deleteField(key, field.name)
                return tidy(key, snapshot: snapshot, margin: margin, executedLife: executedLife)
            }
            guard Self.isAmount(field.value) else {
                rebuild(key, all)
                return tidy(key, snapshot: snapshot, margin: margin, executedLife: executedLife)
            }
            guard kind != "t" else { continue }
            let digits = label.reversed().prefix { $0.isASCII && $0.isNumber }
            let at = Double(String(digits.reversed())) ?? 0
            if kind == "x" || at <= Double(time), at < Double(snapshot - margin) {
                isShown = true
                isHeld = isHeld || "0146".contains(lane.first ?? " ")
                server.counts.shownBuckets += 1
            } else if at + Double(executedLife) <= Double(time) {
                isHeld = isHeld || "0146".contains(lane.first ?? " ")
            } else {
                continue
            }
            if kind == "g", server.flaws.contains(.keepsEndedBuckets) { continue }
            server.counts.endedBuckets += 1
            gone.append(field.name)
            add(key, AccountFields.total + lane, -(Int64(field.value) ?? 0))
        }
        for name in gone { server.deleteField(key, name) }
        if isShown {
            let before = server.fields(key).first { $0.name == AccountFields.shown }.flatMap { Int64($0.value) } ?? 0
            server.setField(key, AccountFields.shown, String(max(before, snapshot)))
        }
        if isHeld, key.hasPrefix(AccountFields.keyPrefix + "position:") {
            server.setField(key, AccountFields.held, "1")
        }
        server.audit?.ledger.tidied(key, snapshot: snapshot, margin: margin, at: time)
    }

    /// The account's totals as a commit tells them.
    func totals(_ key: String) -> String {
        (0..<8).flatMap { ["\($0)", "\($0)w"] }.compactMap { lane in
            guard let value = value(key, AccountFields.total + lane), value != "0" else { return nil }
            return "\(lane) \(value)"
        }.joined(separator: " ")
    }
}
