import GateAPI
import GateHost

/// The part of Redis 7 that a host uses: deterministic, in memory, with a settable clock. It executes one command at a
/// time.
///
/// An unknown command ends the process, because a model that guesses proves nothing.
package final class ModelServer {
    /// Milliseconds since the epoch.
    package private(set) var time: Int64
    /// The time that scripts of the ledger see, if it is not the server's: a test sets it for both servers.
    package var scriptTime: Int64?
    var ledgerTime: Int64 { scriptTime ?? time }
    let flaws: ModelFlaws
    var keys: [String: ModelKey] = [:]
    /// Blocked clients, longest first.
    private var waiting: [ModelClient] = []
    private var clients: [ModelClient] = []
    /// Scripts that were loaded, by digest.
    var scripts: [String: KnownScript] = [:]
    /// Scripts by their text.
    var kinds: [String: KnownScript] = [:]
    private var runs = 1
    /// The clients that track each key.
    var trackers: [String: [ModelClient]] = [:]
    /// The client whose command is being executed.
    private(set) var executing: ModelClient?
    var ownChanges: [String] = []
    /// Hashes with an expiry in the future.
    private var trackedExpiries: [String] = []
    var audit: Audit?
    package var counts = Counts()

    package init(time: Int64, flaws: ModelFlaws = []) {
        self.time = time
        self.flaws = flaws
    }

    package func add(_ client: ModelClient) { clients.append(client) }

    package func remove(_ client: ModelClient) {
        client.blocked = nil
        client.tracking = nil
        clients.removeAll { $0 === client }
        waiting.removeAll { $0 === client }
    }

    func isConnected(_ number: Int) -> Bool { clients.contains { $0.number == number } }

    func subscriber(_ number: Int?) -> ModelClient? { clients.first { $0.number == number && !$0.channels.isEmpty } }

    func subscribers(of channel: String) -> [ModelClient] { clients.filter { $0.channels.contains(channel) } }

    /// Restarts the server with all its data; all connections end.
    func restart() {
        runs += 1
        scripts.removeAll()
        for client in clients { client.blocked = nil }
        clients.removeAll()
        waiting.removeAll()
        trackers.removeAll()
    }

    /// Advances the clock and answers the waiting clients whose time is up, in the order of their deadlines.
    package func advance(to moment: Int64) {
        time = max(time, moment)
        while let client = waiting.filter({ ($0.blocked?.deadline ?? .max) <= time }).min(by: {
            ($0.blocked?.deadline ?? 0) < ($1.blocked?.deadline ?? 0)
        }) {
            client.blocked = nil
            waiting.removeAll { $0 === client }
            client.output.nullArray()
        }
        // Redis sends an invalidation only when it removes the key, which may be much later or at the next look-up.
        for name in trackedExpiries where keys[name]?.expiresAt.map({ $0 <= time }) ?? true { audit?.expired(name) }
        trackedExpiries.removeAll { keys[$0]?.expiresAt.map { $0 <= time } ?? true }
    }

    /// The time of the next timeout of a blocked client.
    var nextDeadline: Int64? { waiting.compactMap(\.blocked?.deadline).min() }

    package func execute(_ command: [String], for client: ModelClient) {
        executing = client
        if !transact(command, client) { perform(command, client) }
        if client.queue == nil, command[0] != "CLIENT" { client.isKeeping = false }
        executing = nil
        for name in ownChanges { tell(client, of: name) }
        ownChanges.removeAll()
    }

    /// Executes a command, by itself or as part of a transaction.
    func perform(_ command: [String], _ client: ModelClient) {
        answer(command, client)
        if client.isKeeping { remember(command, client) }
    }

    private func answer(_ command: [String], _ client: ModelClient) {
        switch command[0] {
        case "EVALSHA": evaluate(command, client)
        case "XREADGROUP": readGroup(command, client)
        case "HGETALL":
            guard let value = lookup(command[1])?.value else { return client.output.array(0) }
            guard case .hash(let fields) = value else { return client.output.error(Self.wrongType) }
            client.output.array(fields.count * 2)
            for field in fields {
                client.output.text(field.name)
                client.output.text(field.value)
            }
        case "GET":
            guard let value = lookup(command[1])?.value else { return client.output.null() }
            guard case .text(let text) = value else { return client.output.error(Self.wrongType) }
            client.output.text(text)
        case "PTTL": client.output.integer(lifetime(command[1]))
        case "PEXPIRE": setExpiry(command, client)
        case "EXISTS": client.output.integer(command[1...].count { lookup($0) != nil })
        case "PING": ping(client)
        case "CLIENT": clientCommand(command, client)
        case "SUBSCRIBE": subscribe(command[1...], client)
        case "PUBLISH": publish(command[2], on: command[1], client)
        case "INFO": client.output.text("# Server\r\nredis_version:7.0.15\r\nrun_id:\(runs)\r\n")
        case "SCRIPT" where command[1] == "LOAD": load(command[2], client)
        case "EVAL": evaluateSource(command, client)
        case "WAIT": client.output.integer(1)
        case "TIME":
            client.output.array(2)
            client.output.text(String(time / 1_000))
            client.output.text(String(time % 1_000 * 1_000))
        case "SET": setText(command, client)
        case "DEL":
            client.output.integer(command[1...].count { lookup($0) != nil })
            command[1...].forEach(delete)
        case "HSET", "HDEL": foreignCommand(command, client)
        case "HINCRBY": addToField(command, client)
        case "ZADD", "ZPOPMIN", "BZPOPMIN": setCommand(command, client)
        default: streamCommand(command, client)
        }
    }

    static let wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"

    /// `SET key text [NX] EX seconds [NX]`, or `PX` with milliseconds.
    private func setText(_ command: [String], _ client: ModelClient) {
        let options = command[3...].filter { $0 != "NX" }
        guard options.count == 2, ["EX", "PX"].contains(options[0]), let life = Int64(options[1]) else {
            fatalError("the model does not know \(command)")
        }
        if command[3...].contains("NX"), lookup(command[1]) != nil { return client.output.null() }
        set(command[1], text: command[2], lifetime: options[0] == "EX" ? life * 1_000 : life)
        client.output.ok()
    }

    /// `PEXPIRE key milliseconds [NX|GT]`
    private func setExpiry(_ command: [String], _ client: ModelClient) {
        let life = Int64(command[2]) ?? 0
        let left = lifetime(command[1])
        let isSet =
            switch command.count > 3 ? command[3] : "" {
            case "NX": left == -1
            case "GT": left >= 0 && left < life
            default: true
            }
        client.output.integer(isSet && expire(command[1], in: life) ? 1 : 0)
    }

    private func addToField(_ command: [String], _ client: ModelClient) {
        guard isHash(command[1]) else { return client.output.error(Self.wrongType) }
        guard let value = Int64(command[3]), let sum = increment(command[1], command[2], by: value) else {
            return client.output.error("ERR hash value is not an integer")
        }
        client.output.integer(Int(sum))
    }

    /// Commands of other services than the host.
    private func foreignCommand(_ command: [String], _ client: ModelClient) {
        if let value = lookup(command[1])?.value {
            guard case .hash = value else { return client.output.error(Self.wrongType) }
        }
        if command[0] == "HSET" { return client.output.integer(setField(command[1], command[2], command[3]) ? 1 : 0) }
        client.output.integer(fields(command[1]).contains { $0.name == command[2] } ? 1 : 0)
        deleteField(command[1], command[2])
    }

    private func ping(_ client: ModelClient) {
        guard !client.channels.isEmpty else { return client.output.status("PONG") }
        client.output.array(2)
        client.output.text("pong")
        client.output.text("")
    }
}

// MARK: Waiting clients

extension ModelServer {
    func wait(_ client: ModelClient, _ command: ModelClient.BlockedCommand) {
        client.blocked = command
        waiting.append(client)
    }

    /// The client that has waited longest for a member of a sorted set.
    func endLongestPop(_ key: String) -> ModelClient? {
        let index = waiting.firstIndex {
            if case .pop? = $0.blocked?.kind { $0.blocked?.key == key } else { false }
        }
        guard let index else { return nil }
        waiting[index].blocked = nil
        return waiting.remove(at: index)
    }

    /// Delivers new entries to blocked reads, longest first.
    func serveWaiting(_ stream: String) {
        for client in waiting where client.blocked?.key == stream {
            guard case .read(let name, let consumer, let count)? = client.blocked?.kind,
                let found = lookupStream(stream), let group = found.group(name), found.last > group.delivered
            else { continue }
            client.blocked = nil
            waiting.removeAll { $0 === client }
            deliver(stream, found, group, consumer, count, client)
        }
    }
}

// MARK: Keys

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
