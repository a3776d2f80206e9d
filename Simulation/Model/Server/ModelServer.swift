import GateAPI
import GateHost

/// Redis 7 as far as a host uses it: deterministic, in memory, with a clock that others set. Commands are executed one at a time.
///
/// What a host sends that is not known here ends the process: a model that guesses proves nothing.
package final class ModelServer {
    /// Milliseconds since the epoch.
    package private(set) var time: Int64
    let flaws: ModelFlaws
    var keys: [String: ModelKey] = [:]
    /// In the order in which they began to wait.
    private var waiting: [ModelClient] = []
    private var clients: [ModelClient] = []
    var scripts: Set<String> = []
    /// Sources that were sent whole.
    var kinds: [String: KnownScript] = [:]
    private var runs = 1
    /// Keys that were changed in this turn of the event loop.
    private var changed: [String] = []
    /// Hashes with an expiry that is not known to have passed; few.
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
        clients.removeAll { $0 === client }
        waiting.removeAll { $0 === client }
    }

    /// Stops and starts again with all its data: who was connected is not any more.
    func restart() {
        runs += 1
        scripts.removeAll()
        for client in clients { client.blocked = nil }
        clients.removeAll()
        waiting.removeAll()
        changed.removeAll()
    }

    /// The end of a turn of the event loop: only now trackers hear of what was changed in it, after what it answered them.
    package func endTurn() {
        guard !changed.isEmpty else { return }
        let names = changed
        changed.removeAll()
        if flaws.contains(.dropsInvalidations) { return }
        for client in clients {
            guard let tracking = client.tracking, let target = clients.first(where: { $0.number == tracking.target }), target.isSubscribed else { continue }
            var told: [String] = []
            for name in names where !told.contains(name) && tracking.prefixes.contains(where: { name.hasPrefix($0) }) { told.append(name) }
            guard !told.isEmpty else { continue }
            counts.invalidations += 1
            target.output.array(3)
            target.output.text("message")
            target.output.text("__redis__:invalidate")
            target.output.array(told.count)
            for name in told { target.output.text(name) }
        }
    }

    /// Lets time pass. Reads that have waited long enough are answered, in the order of their deadlines.
    package func advance(to moment: Int64) {
        time = max(time, moment)
        while let client = waiting.filter({ ($0.blocked?.deadline ?? .max) <= time }).min(by: { ($0.blocked?.deadline ?? 0) < ($1.blocked?.deadline ?? 0) }) {
            client.blocked = nil
            waiting.removeAll { $0 === client }
            client.output.nullArray()
        }
        // Redis may get round to removing them much later; until somebody asks for them, trackers hear nothing.
        for name in trackedExpiries where keys[name]?.expiresAt.map({ $0 <= time }) ?? true { audit?.expired(name) }
        trackedExpiries.removeAll { keys[$0]?.expiresAt.map { $0 <= time } ?? true }
    }

    /// When the next waiting read is answered.
    var nextDeadline: Int64? { waiting.compactMap(\.blocked?.deadline).min() }

    package func execute(_ command: [String], for client: ModelClient) {
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
        case "EXISTS": client.output.integer(lookup(command[1]) == nil ? 0 : 1)
        case "PING": ping(client)
        case "CLIENT": clientCommand(command, client)
        case "SUBSCRIBE":
            client.isSubscribed = true
            client.output.array(3)
            client.output.text("subscribe")
            client.output.text(command[1])
            client.output.integer(1)
        case "INFO": client.output.text("# Server\r\nredis_version:7.0.15\r\nrun_id:\(runs)\r\n")
        case "SCRIPT" where command[1] == "LOAD": load(command[2], client)
        case "EVAL": evaluateSource(command, client)
        case "WAIT": client.output.integer(1)
        case "SET", "DEL", "HDEL": foreignCommand(command, client)
        default: streamCommand(command, client)
        }
    }

    static let wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"

    /// What no host sends, but others do.
    private func foreignCommand(_ command: [String], _ client: ModelClient) {
        switch command[0] {
        case "SET":
            guard command.count == 6, command[3] == "EX", command[5] == "NX" else { fatalError("the model does not know \(command)") }
            guard lookup(command[1]) == nil else { return client.output.null() }
            set(command[1], text: command[2], lifetime: Int64(command[4]).map { $0 * 1_000 })
            client.output.ok()
        case "DEL":
            client.output.integer(lookup(command[1]) == nil ? 0 : 1)
            delete(command[1])
        default:
            client.output.integer(fields(command[1]).contains { $0.name == command[2] } ? 1 : 0)
            deleteField(command[1], command[2])
        }
    }

    private func ping(_ client: ModelClient) {
        guard client.isSubscribed else { return client.output.status("PONG") }
        client.output.array(2)
        client.output.text("pong")
        client.output.text("")
    }

    private func clientCommand(_ command: [String], _ client: ModelClient) {
        switch (command[1], command.count > 2 ? command[2] : "") {
        case ("ID", _): return client.output.integer(client.number)
        case ("TRACKING", "OFF"): client.tracking = nil
        case ("TRACKING", "ON"):
            let prefixes = command.indices.dropFirst(7).filter { $0 % 2 == 1 && command[$0 - 1] == "PREFIX" }.map { command[$0] }
            guard command[3] == "REDIRECT" && command[5] == "BCAST" && command.count == 6 + 2 * prefixes.count else {
                fatalError("the model does not know \(command)")
            }
            client.tracking = .init(target: Int(command[4]) ?? 0, prefixes: prefixes)
        default: fatalError("the model does not know \(command)")
        }
        client.output.ok()
    }
}

// MARK: Waiting reads

extension ModelServer {
    func wait(_ client: ModelClient, _ read: ModelClient.BlockedRead) {
        client.blocked = read
        waiting.append(client)
    }

    /// Gives new entries to who waits for them, longest first.
    func serveWaiting(_ stream: String) {
        for client in waiting where client.blocked?.stream == stream {
            guard let read = client.blocked, let found = lookupStream(stream), let group = found.group(read.group),
                found.last > group.delivered
            else { continue }
            client.blocked = nil
            waiting.removeAll { $0 === client }
            deliver(stream, found, group, read.consumer, read.count, client)
        }
    }
}

// MARK: Keys

/// A key's value and end.
struct ModelKey {
    var value: ModelValue
    /// Milliseconds since the epoch; `nil` for a key that lives for ever.
    var expiresAt: Int64?
}

enum ModelValue {
    case text(String)
    case hash([(name: String, value: String)])
    case stream(ModelStream)
}

extension ModelServer {
    func lookup(_ name: String) -> ModelKey? {
        guard let key = keys[name] else { return nil }
        if let end = key.expiresAt, end <= time {
            delete(name)
            return nil
        }
        return key
    }

    /// Milliseconds; -1 for a key that lives for ever, -2 for one that is not there.
    func lifetime(_ name: String) -> Int {
        guard let key = lookup(name) else { return -2 }
        return key.expiresAt.map { Int($0 - time) } ?? -1
    }

    package func delete(_ name: String) {
        guard keys.removeValue(forKey: name) != nil else { return }
        trackedExpiries.removeAll { $0 == name }
        touch(name)
    }

    /// - Parameter lifetime: in milliseconds; `nil` for ever.
    package func set(_ name: String, text: String, lifetime: Int64?) {
        keys[name] = ModelKey(value: .text(text), expiresAt: lifetime.map { time + $0 })
        touch(name)
    }

    /// Writes a whole hash that hosts may be told of.
    package func set(_ name: String, hash: [(name: String, value: String)], lifetime: Int64? = nil) {
        keys[name] = ModelKey(value: .hash(hash), expiresAt: lifetime.map { time + $0 })
        trackedExpiries.removeAll { $0 == name }
        if lifetime != nil { trackedExpiries.append(name) }
        touch(name)
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
        let rest = fields(key).filter { $0.name != name }
        if rest.isEmpty { return delete(key) }
        keys[key] = ModelKey(value: .hash(rest), expiresAt: keys[key]?.expiresAt)
        touch(key)
    }

    private func touch(_ name: String) {
        changed.append(name)
        audit?.changed(name, self)
    }

    func lookupStream(_ name: String) -> ModelStream? {
        if case .stream(let stream) = lookup(name)?.value { stream } else { nil }
    }

    /// Names, values and ends of all keys, by name; of streams the entries' fields.
    package var contents: [(name: String, value: [[String]], expiresAt: Int64?)] {
        keys.keys.sorted().compactMap { name in
            guard let key = lookup(name) else { return nil }
            return switch key.value {
            case .text(let text): (name, [[text]], key.expiresAt)
            case .hash(let fields): (name, fields.map { [$0.name, $0.value] }, key.expiresAt)
            case .stream(let stream): (name, stream.entries.map(\.fields), key.expiresAt)
            }
        }
    }

    func makeStream(_ name: String) -> ModelStream {
        if let stream = lookupStream(name) { return stream }
        let stream = ModelStream()
        keys[name] = ModelKey(value: .stream(stream))
        return stream
    }

    /// Adds an entry and gives it to who waits for it.
    @discardableResult
    func add(to name: String, _ fields: [String], as id: EntryID? = nil) -> EntryID {
        let id = makeStream(name).add(fields, as: id, at: time)
        serveWaiting(name)
        return id
    }
}

/// Ways in which the model can be made to break its promises, so that the checks can be seen to notice.
package struct ModelFlaws: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The commit decides entries that are not pending.
    package static let ignoresAcknowledgement = ModelFlaws(rawValue: 1)
    /// The commit does not compare what was reserved.
    package static let ignoresReservations = ModelFlaws(rawValue: 2)
    /// The commit does not look at outcomes and permits.
    package static let ignoresOutcomes = ModelFlaws(rawValue: 4)
    /// Nobody hears of changes.
    package static let dropsInvalidations = ModelFlaws(rawValue: 8)
    /// Reading leaves nothing pending.
    package static let forgetsPending = ModelFlaws(rawValue: 16)
    /// The commit writes no records of duplicates.
    package static let losesRecords = ModelFlaws(rawValue: 32)

    package static let all: [(name: String, flaw: ModelFlaws)] = [
        ("ignores-acknowledgement", .ignoresAcknowledgement), ("ignores-reservations", .ignoresReservations), ("ignores-outcomes", .ignoresOutcomes),
        ("drops-invalidations", .dropsInvalidations), ("forgets-pending", .forgetsPending), ("loses-records", .losesRecords),
    ]
}
