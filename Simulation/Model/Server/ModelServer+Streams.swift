import GateAPI

extension ModelServer {
    func streamCommand(_ command: [String], _ client: ModelClient) {
        switch command[0] {
        case "XLEN": client.output.integer(lookupStream(command[1])?.entries.count ?? 0)
        case "XADD":
            let rest = command[2] == "MAXLEN" ? command[5...] : command[2...]
            let id = rest.first == "*" ? nil : rest.first.map(Self.id)
            client.output.text(add(to: command[1], Array(rest.dropFirst()), as: id).description)
            if command[2] == "MAXLEN" { checkLength(command) }
        case "XTRIM":
            checkLength(command)
            client.output.integer(0)
        case "XDEL":
            let ids = command[2...].map(Self.id)
            let count = ids.count { lookupStream(command[1])?.delete($0) == true }
            if count > 0 { touch(command[1]) }
            client.output.integer(count)
        case "XGROUP" where command[1] == "CREATE": createGroup(command, client)
        case "XINFO" where command[1] == "GROUPS": describeGroups(command[2], client)
        case "XINFO" where command[1] == "STREAM": client.output.array(0)
        default:
            guard let stream = lookupStream(command[command[0].hasPrefix("XGROUP") || command[0] == "XINFO" ? 2 : 1]),
                let group = stream.group(command[command[0] == "XGROUP" || command[0] == "XINFO" ? 3 : 2])
            else {
                if command[0] == "XACK" { return client.output.integer(0) }
                return client.output.error("NOGROUP No such key or consumer group")
            }
            groupCommand(command, stream, group, client)
        }
    }

    /// `… key MAXLEN ~ count …`. The model does not trim, because its streams stay shorter than any limit.
    private func checkLength(_ command: [String]) {
        guard command[3] == "~", let most = Int(command[4]), lookupStream(command[1])?.entries.count ?? 0 <= most else {
            fatalError("the model does not know \(command)")
        }
    }

    private func groupCommand(_ command: [String], _ stream: ModelStream, _ group: ModelGroup, _ client: ModelClient) {
        switch command[0] {
        case "XACK": client.output.integer(command[3...].count { group.acknowledge(Self.id($0)) })
        case "XPENDING" where command.count == 3: summarize(group, client)
        case "XPENDING": listPending(command, group, client)
        case "XCLAIM": claim(command, stream, group, client)
        case "XAUTOCLAIM": claimAutomatically(command, stream, group, client)
        case "XGROUP" where command[1] == "DELCONSUMER": client.output.integer(group.remove(consumer: command[4]))
        case "XINFO" where command[1] == "CONSUMERS":
            client.output.array(group.consumers.count)
            for consumer in group.consumers {
                client.output.array(6)
                client.output.text("name")
                client.output.text(consumer.name)
                client.output.text("pending")
                client.output.integer(group.pending.count { $0.consumer == consumer.name })
                client.output.text("idle")
                client.output.integer(Int(time - consumer.seenAt))
            }
        default: fatalError("the model does not know \(command)")
        }
    }

    static func id(_ text: String) -> EntryID {
        if let id = EntryID(text) { return id }
        guard let milliseconds = UInt64(text) else { fatalError("the model does not know the id \(text)") }
        return EntryID(milliseconds: milliseconds, sequence: 0)
    }

    private func createGroup(_ command: [String], _ client: ModelClient) {
        guard command.count == 6 && command[5] == "MKSTREAM" else { fatalError("the model does not know \(command)") }
        let stream = makeStream(command[2])
        guard stream.group(command[3]) == nil else {
            return client.output.error("BUSYGROUP Consumer Group name already exists")
        }
        stream.groups.append(
            ModelGroup(name: command[3], delivered: command[4] == "$" ? stream.last : Self.id(command[4])))
        client.output.ok()
    }

    private func describeGroups(_ name: String, _ client: ModelClient) {
        guard let stream = lookupStream(name) else { return client.output.error("ERR no such key") }
        client.output.array(stream.groups.count)
        for group in stream.groups {
            client.output.array(12)
            client.output.text("name")
            client.output.text(group.name)
            client.output.text("consumers")
            client.output.integer(group.consumers.count)
            client.output.text("pending")
            client.output.integer(group.pending.count)
            client.output.text("last-delivered-id")
            client.output.text(group.delivered.description)
            client.output.text("entries-read")
            client.output.null()
            client.output.text("lag")
            client.output.integer(stream.entries(after: group.delivered, count: .max / 2).count)
        }
    }
}

// MARK: Reading

extension ModelServer {
    /// `XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] STREAMS stream id`
    func readGroup(_ command: [String], _ client: ModelClient) {
        var count = Int.max / 2
        var block: Int64?
        var index = 4
        while command[index] != "STREAMS" {
            switch command[index] {
            case "COUNT": count = Int(command[index + 1]) ?? 0
            case "BLOCK": block = Int64(command[index + 1])
            default: fatalError("the model does not know \(command)")
            }
            index += 2
        }
        guard command.count == index + 3 else { fatalError("the model does not know \(command)") }
        let name = command[index + 1]
        guard let stream = lookupStream(name), let group = stream.group(command[2]) else {
            return client.output.error("NOGROUP No such key '\(name)' or consumer group '\(command[2])'")
        }
        guard command[index + 2] == ">" else {
            return readHistory(name, stream, group, command[3], after: Self.id(command[index + 2]), count, client)
        }
        if stream.last > group.delivered, !stream.entries(after: group.delivered, count: 1).isEmpty {
            deliver(name, stream, group, command[3], count, client)
        } else if let block {
            wait(
                client,
                .init(
                    key: name, kind: .read(group: command[2], consumer: command[3], count: count),
                    deadline: time + block))
        } else {
            client.output.nullArray()
        }
    }

    func deliver(
        _ name: String, _ stream: ModelStream, _ group: ModelGroup, _ consumer: String, _ count: Int,
        _ client: ModelClient
    ) {
        let entries = stream.entries(after: group.delivered, count: count)
        group.see(consumer, at: time)
        begin(name, entries.count, client)
        for entry in entries {
            group.deliver(entry.id, to: consumer, at: time)
            if flaws.contains(.forgetsPending) { _ = group.acknowledge(entry.id) }
            write(entry, client)
        }
        counts.deliveries += entries.count
    }

    private func readHistory(
        _ name: String, _ stream: ModelStream, _ group: ModelGroup, _ consumer: String, after start: EntryID,
        _ count: Int, _ client: ModelClient
    ) {
        group.see(consumer, at: time)
        let own = group.pending.indices.filter {
            group.pending[$0].consumer == consumer && group.pending[$0].id > start
        }.prefix(count)
        begin(name, own.count, client)
        for index in own { writePending(index, of: group, stream, counting: true, client) }
    }

    private func writePending(
        _ index: Int, of group: ModelGroup, _ stream: ModelStream, counting: Bool, _ client: ModelClient
    ) {
        let id = group.pending[index].id
        counts.takeUps += 1
        guard let entry = stream.entry(id) else {
            client.output.array(2)
            client.output.text(id.description)
            client.output.nullArray()
            return
        }
        group.update(index) { pending in
            pending.deliveredAt = time
            if counting { pending.count += 1 }
        }
        write(entry, client)
    }

    /// Delivers a consumer's own pending entries again, by their ids. `counting` says whether this counts as a
    /// delivery.
    func take(
        _ ids: [EntryID], stream name: String, group: String, consumer: String, counting: Bool, _ client: ModelClient
    ) {
        guard let stream = lookupStream(name), let group = stream.group(group) else {
            return client.output.error("NOGROUP No such key or group")
        }
        group.see(consumer, at: time)
        let own = ids.compactMap { id in group.pending.firstIndex { $0.id == id && $0.consumer == consumer } }
        client.output.array(own.count)
        for index in own { writePending(index, of: group, stream, counting: counting, client) }
    }

    private func begin(_ name: String, _ count: Int, _ client: ModelClient) {
        client.output.array(1)
        client.output.array(2)
        client.output.text(name)
        client.output.array(count)
    }

    private func write(_ entry: ModelStream.Entry, _ client: ModelClient) {
        audit?.delivered(entry.id, to: client)
        client.output.array(2)
        client.output.text(entry.id.description)
        client.output.array(entry.fields.count)
        for field in entry.fields { client.output.text(field) }
    }
}

// MARK: Pending entries

extension ModelServer {
    private func summarize(_ group: ModelGroup, _ client: ModelClient) {
        client.output.array(4)
        client.output.integer(group.pending.count)
        guard let first = group.pending.first, let last = group.pending.last else {
            for _ in 0..<2 { client.output.null() }
            return client.output.nullArray()
        }
        client.output.text(first.id.description)
        client.output.text(last.id.description)
        let holders = group.consumers.filter { consumer in group.pending.contains { $0.consumer == consumer.name } }
            .sorted { $0.name < $1.name }
        client.output.array(holders.count)
        for holder in holders {
            client.output.array(2)
            client.output.text(holder.name)
            client.output.text(String(group.pending.count { $0.consumer == holder.name }))
        }
    }

    /// `XPENDING stream group [IDLE milliseconds] start end count [consumer]`
    private func listPending(_ command: [String], _ group: ModelGroup, _ client: ModelClient) {
        var rest = command.dropFirst(3)
        var idle: Int64 = 0
        if rest.first == "IDLE" {
            idle = Int64(rest[rest.startIndex + 1]) ?? 0
            rest = rest.dropFirst(2)
        }
        let bounds = Array(rest)
        let consumer = bounds.count > 3 ? bounds[3] : nil
        let found = group.pending.filter { pending in
            Self.isFrom(bounds[0], pending.id) && Self.isUpTo(bounds[1], pending.id)
                && (consumer == nil || pending.consumer == consumer)
                && time - pending.deliveredAt >= idle
        }.prefix(Int(bounds[2]) ?? 0)
        client.output.array(found.count)
        for pending in found {
            client.output.array(4)
            client.output.text(pending.id.description)
            client.output.text(pending.consumer)
            client.output.integer(Int(time - pending.deliveredAt))
            client.output.integer(pending.count)
        }
    }

    private static func isFrom(_ bound: String, _ id: EntryID) -> Bool {
        if bound == "-" { return true }
        return bound.hasPrefix("(") ? id > Self.id(String(bound.dropFirst())) : id >= Self.id(bound)
    }

    private static func isUpTo(_ bound: String, _ id: EntryID) -> Bool {
        if bound == "+" { return true }
        return bound.hasPrefix("(") ? id < Self.id(String(bound.dropFirst())) : id <= Self.id(bound)
    }

    /// `XCLAIM stream group consumer min-idle id… [IDLE ms] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID id]`
    private func claim(_ command: [String], _ stream: ModelStream, _ group: ModelGroup, _ client: ModelClient) {
        let idle = Int64(command[4]) ?? 0
        let ids = command[5...].prefix { EntryID($0) != nil }
        var options = command[(5 + ids.count)...]
        var isBare = false
        var count: Int?
        var newIdle: Int64 = 0
        while let option = options.popFirst() {
            switch option {
            case "JUSTID": isBare = true
            case "RETRYCOUNT": count = options.popFirst().flatMap { Int($0) }
            case "IDLE": newIdle = options.popFirst().flatMap { Int64($0) } ?? 0
            default: fatalError("the model does not know \(command)")
            }
        }
        var claimed = ReplyWriter()
        var number = 0
        for text in ids {
            let id = Self.id(text)
            guard let index = group.index(of: id) else { continue }
            guard let entry = stream.entry(id) else {
                group.drop(index)
                continue
            }
            guard time - group.pending[index].deliveredAt >= idle else { continue }
            take(index, group, command[3], counting: !isBare && count == nil)
            group.update(index) { pending in
                pending.deliveredAt = time - newIdle
                if let count { pending.count = count }
            }
            number += 1
            if isBare {
                claimed.text(id.description)
            } else {
                swap(&claimed, &client.output); write(entry, client); swap(&claimed, &client.output)
            }
        }
        client.output.array(number)
        client.output.append(claimed)
    }

    /// `XAUTOCLAIM stream group consumer min-idle start COUNT count`
    private func claimAutomatically(
        _ command: [String], _ stream: ModelStream, _ group: ModelGroup, _ client: ModelClient
    ) {
        guard command.count == 8 && command[6] == "COUNT" else { fatalError("the model does not know \(command)") }
        let idle = Int64(command[4]) ?? 0
        var left = Int(command[7]) ?? 0
        var attempts = left * 10
        var index = group.start(from: Self.id(command[5]))
        var claimed: [ModelStream.Entry] = []
        var deleted: [EntryID] = []
        while attempts > 0, left > 0, index < group.pending.count {
            attempts -= 1
            let pending = group.pending[index]
            guard let entry = stream.entry(pending.id) else {
                group.drop(index)
                deleted.append(pending.id)
                left -= 1
                continue
            }
            if time - pending.deliveredAt >= idle {
                take(index, group, command[3], counting: true)
                claimed.append(entry)
                left -= 1
            }
            index += 1
        }
        client.output.array(3)
        client.output.text(index < group.pending.count ? group.pending[index].id.description : "0-0")
        client.output.array(claimed.count)
        for entry in claimed { write(entry, client) }
        client.output.array(deleted.count)
        for id in deleted { client.output.text(id.description) }
    }

    /// Gives a pending entry to a consumer. Only a claim that gets an entry creates the consumer.
    private func take(_ index: Int, _ group: ModelGroup, _ consumer: String, counting: Bool) {
        group.see(consumer, at: time)
        if group.pending[index].consumer == consumer { counts.takeUps += 1 } else { counts.claims += 1 }
        group.update(index) { pending in
            pending.consumer = consumer
            pending.deliveredAt = time
            if counting { pending.count += 1 }
        }
    }
}
