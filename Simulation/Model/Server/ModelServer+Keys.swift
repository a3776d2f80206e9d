import GateAPI

/// A key's value and its expiry.
struct ModelKey {
    var value: ModelValue
    /// Milliseconds since the epoch; `nil` without expiry.
    var expiresAt: Int64?
}

enum ModelValue {
    case text(String)
    case hash([(name: String, value: String)])
    case stream(ModelStream)
    /// A sorted set, whose members all have the score 0.
    case members([String])
}

extension ModelServer {
    func lookup(_ name: String) -> ModelKey? {
        guard hasExpired(name) else { return keys[name] }
        audit?.ledger.expired(name, at: time)
        delete(name)
        return nil
    }

    /// Whether a key has expired and is not removed yet.
    func hasExpired(_ name: String) -> Bool { keys[name]?.expiresAt.map { $0 <= time } ?? false }

    /// Milliseconds; -1 for a key without expiry, -2 for a missing key.
    func lifetime(_ name: String) -> Int {
        guard let key = lookup(name) else { return -2 }
        return key.expiresAt.map { Int($0 - time) } ?? -1
    }

    package func delete(_ name: String) {
        guard keys.removeValue(forKey: name) != nil else { return }
        trackedExpiries.removeAll { $0 == name }
        touch(name)
    }

    /// Returns whether the key exists.
    @discardableResult
    func expire(_ name: String, in milliseconds: Int64) -> Bool {
        guard lookup(name) != nil else { return false }
        keys[name]?.expiresAt = time + milliseconds
        touch(name)
        return true
    }

    /// - Parameter lifetime: in milliseconds; `nil` for no expiry.
    package func set(_ name: String, text: String, lifetime: Int64?) {
        keys[name] = ModelKey(value: .text(text), expiresAt: lifetime.map { time + $0 })
        touch(name)
    }

    /// Replaces a hash and sends the invalidations.
    package func set(_ name: String, hash: [(name: String, value: String)], lifetime: Int64? = nil) {
        keys[name] = ModelKey(value: .hash(hash), expiresAt: lifetime.map { time + $0 })
        trackedExpiries.removeAll { $0 == name }
        if lifetime != nil { trackedExpiries.append(name) }
        touch(name)
    }

    /// Replaces a sorted set. An empty one is no key.
    func set(_ name: String, members: [String]) {
        guard !members.isEmpty else { return delete(name) }
        keys[name] = ModelKey(value: .members(members), expiresAt: nil)
        touch(name)
    }

    /// Replaces a text; the key keeps its expiry.
    func replace(_ name: String, text: String) {
        keys[name] = ModelKey(value: .text(text), expiresAt: lookup(name)?.expiresAt)
        touch(name)
    }

    func rename(_ name: String, to other: String) {
        guard let key = lookup(name) else { return }
        delete(name)
        keys[other] = key
        touch(other)
    }

    /// Whether a key is a hash or missing.
    func isHash(_ name: String) -> Bool {
        switch lookup(name)?.value {
        case .hash?, nil: true
        default: false
        }
    }

    /// Adds to an integer in a hash. Returns the sum; `nil` if the field is no number, or the sum too large.
    func increment(_ key: String, _ field: String, by value: Int64) -> Int64? {
        let text = fields(key).first { $0.name == field }?.value ?? "0"
        guard let number = Int64(text), String(number) == text else { return nil }
        let (sum, isTooLarge) = number.addingReportingOverflow(value)
        guard !isTooLarge else { return nil }
        setField(key, field, String(sum))
        return sum
    }

    func fields(_ name: String) -> [(name: String, value: String)] {
        if case .hash(let fields) = lookup(name)?.value { fields } else { [] }
    }

    /// Returns whether the field is new.
    @discardableResult
    func setField(_ key: String, _ name: String, _ value: String) -> Bool {
        var fields = fields(key)
        let index = fields.firstIndex { $0.name == name }
        if let index { fields[index].value = value } else { fields.append((name, value)) }
        keys[key] = ModelKey(value: .hash(fields), expiresAt: keys[key]?.expiresAt)
        touch(key)
        return index == nil
    }

    package func deleteField(_ key: String, _ name: String) {
        let all = fields(key)
        let rest = all.filter { $0.name != name }
        if rest.count == all.count { return }
        if rest.isEmpty { return delete(key) }
        keys[key] = ModelKey(value: .hash(rest), expiresAt: keys[key]?.expiresAt)
        touch(key)
    }

    func touch(_ name: String) {
        for client in clients { client.touched(name, isGone: keys[name] == nil) }
        invalidate(name)
        audit?.changed(name, self)
    }

    func lookupStream(_ name: String) -> ModelStream? {
        if case .stream(let stream) = lookup(name)?.value { stream } else { nil }
    }

    /// Names, values and expiries of all keys, ordered by name. A stream's value is its entries' fields.
    package var contents: [(name: String, value: [[String]], expiresAt: Int64?)] {
        keys.keys.sorted().compactMap { name in
            guard let key = lookup(name) else { return nil }
            return switch key.value {
            case .text(let text): (name, [[text]], key.expiresAt)
            case .hash(let fields): (name, fields.map { [$0.name, $0.value] }, key.expiresAt)
            case .stream(let stream): (name, stream.entries.map(\.fields), key.expiresAt)
            case .members(let members): (name, [members], key.expiresAt)
            }
        }
    }

    func makeStream(_ name: String) -> ModelStream {
        if let stream = lookupStream(name) { return stream }
        let stream = ModelStream()
        keys[name] = ModelKey(value: .stream(stream))
        touch(name)
        return stream
    }

    /// Adds an entry and delivers it to a blocked read.
    @discardableResult
    func add(to name: String, _ fields: [String], as id: EntryID? = nil) -> EntryID {
        let id = makeStream(name).add(fields, as: id, at: time)
        touch(name)
        serveWaiting(name)
        return id
    }
}
