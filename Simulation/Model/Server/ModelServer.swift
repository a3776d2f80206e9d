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
    private(set) var clients: [ModelClient] = []
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
    var trackedExpiries: [String] = []
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
