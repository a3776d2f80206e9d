import GateHost

/// The scripts that a host sends.
enum KnownScript {
    case commit
    case check
    /// Checks the user's rights to all commands of a commit; the model's users have them.
    case rights
    case removeRemnants
    case leave
    case take

    init?(_ source: String) {
        if source == CommitScript.source {
            self = .commit
        } else if source == CommitTransaction.check {
            self = .check
        } else if source.contains("acl_check_cmd") {
            self = .rights
        } else if source.contains("'XINFO', 'CONSUMERS'") {
            self = .removeRemnants
        } else if source.contains("'XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]") {
            self = .leave
        } else if source.contains("'XREADGROUP', 'GROUP', ARGV[1], ARGV[2]") {
            self = .take
        } else {
            return nil
        }
    }
}

extension ModelServer {
    /// Stands for the digest of the commit script.
    private static let commitDigest = "c0331700000000000000000000000000000c0331"

    func load(_ source: String, _ client: ModelClient) {
        guard source == CommitScript.source else { fatalError("the model does not know the script \(source)") }
        scripts.insert(Self.commitDigest)
        client.output.text(Self.commitDigest)
    }

    func evaluate(_ command: [String], _ client: ModelClient) {
        guard scripts.contains(command[1]) else {
            return client.output.error("NOSCRIPT No matching script. Please use EVAL.")
        }
        guard command[2] == "4" else { fatalError("the model does not know \(command)") }
        commit(command, client)
    }

    func evaluateSource(_ command: [String], _ client: ModelClient) {
        let kind: KnownScript
        if let known = kinds[command[1]] {
            kind = known
        } else {
            guard let known = KnownScript(command[1]) else {
                fatalError("the model does not know the script \(command[1])")
            }
            kinds[command[1]] = known
            kind = known
        }
        switch kind {
        case .commit: fatalError("the commit is sent by its digest")
        case .check: check(command, client)
        case .rights: client.output.array(0)
        case .removeRemnants:
            removeRemnants(stream: command[3], group: command[4], idle: Int64(command[5]) ?? 0, client)
        case .leave: leave(stream: command[3], group: command[4], consumer: command[5], client)
        case .take:
            guard command[2] == "2" else { fatalError("the model does not know \(command)") }
            delete(command[4])
            let ids = stride(from: 8, to: command.count, by: 2).map { Self.id(command[$0]) }
            take(ids, stream: command[3], group: command[5], consumer: command[6], counting: command[7] == "1", client)
        }
    }

    /// `EVAL source 4 stream decisions commits claims group mark count key…`
    private func check(_ command: [String], _ client: ModelClient) {
        let (stream, decisions, commits, claims) = (command[3], command[4], command[5], command[6])
        let group = lookupStream(stream)?.group(command[7])
        let isPending = group.map { $0.pending.count >= Int(command[9]) ?? 0 } ?? false
        client.hasPassedCheck =
            (isPending || flaws.contains(.ignoresAcknowledgement)) && lookup(commits) != nil
            && (isText(claims, command[8]) || flaws.contains(.ignoresAcknowledgement))
            && (lookup(decisions) == nil || lookupStream(decisions) != nil)
            && (command[10...].count { lookup($0) != nil } == 0 || flaws.contains(.ignoresOutcomes))
        if !client.hasPassedCheck, !expire(commits, in: 86_400_000) { set(commits, text: "1", lifetime: 86_400_000) }
        client.output.integer(client.hasPassedCheck ? 1 : 0)
    }

    private func isText(_ name: String, _ text: String) -> Bool {
        if case .text(let found)? = lookup(name)?.value { found == text } else { false }
    }

    private func removeRemnants(stream: String, group name: String, idle: Int64, _ client: ModelClient) {
        guard let group = lookupStream(stream)?.group(name) else { return client.output.error("ERR no such group") }
        let remnants = group.consumers.filter { consumer in
            !group.pending.contains { $0.consumer == consumer.name } && time - consumer.seenAt > idle
        }
        for remnant in remnants { _ = group.remove(consumer: remnant.name) }
        client.output.integer(remnants.count)
    }

    private func leave(stream: String, group name: String, consumer: String, _ client: ModelClient) {
        guard let group = lookupStream(stream)?.group(name) else { return client.output.error("ERR no such group") }
        let holds = group.pending.contains { $0.consumer == consumer }
        client.output.integer(holds ? -1 : group.remove(consumer: consumer))
    }
}
