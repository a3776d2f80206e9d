import GateHost

/// The scripts that a host sends.
enum KnownScript {
    case commit
    case check
    case checkWithAccounts
    case read
    case reports
    case revocations
    /// Checks the user's rights to all commands of a commit; the model's users have them.
    case rights
    case removeRemnants
    case leave
    case take
    case added

    init?(_ source: String) {
        if source == CommitScript.source {
            self = .commit
        } else if source == CommitTransaction.check {
            self = .check
        } else if source == CommitTransaction.checkWithAccounts {
            self = .checkWithAccounts
        } else if source == LedgerScript.read {
            self = .read
        } else if source.hasSuffix("return {settled, damaged}") {
            self = .reports
        } else if source.hasSuffix("return {revoked, damaged, last}") {
            self = .revocations
        } else if source.contains("acl_check_cmd") {
            self = .rights
        } else if source.contains("'XINFO', 'CONSUMERS'") {
            self = .removeRemnants
        } else if source.contains("'XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]") {
            self = .leave
        } else if source.contains("'XREADGROUP', 'GROUP', ARGV[1], ARGV[2]") {
            self = .take
        } else if source.contains("'XINFO', 'STREAM'") {
            self = .added
        } else {
            return nil
        }
    }
}

extension ModelServer {
    /// Stands for the digest of a script.
    private static func digest(_ script: KnownScript) -> String {
        let number = "\(script)".utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_000_003 }
        return "c0331700000000000000000000000000" + String(String(10_000_000 + number).suffix(8))
    }

    func load(_ source: String, _ client: ModelClient) {
        let script = known(source)
        scripts[Self.digest(script)] = script
        client.output.text(Self.digest(script))
    }

    private func known(_ source: String) -> KnownScript {
        if let known = kinds[source] { return known }
        guard let known = KnownScript(source) else { fatalError("the model does not know the script \(source)") }
        kinds[source] = known
        return known
    }

    func evaluate(_ command: [String], _ client: ModelClient) {
        guard let script = scripts[command[1]] else {
            return client.output.error("NOSCRIPT No matching script. Please use EVAL.")
        }
        evaluate(script, command, client)
    }

    func evaluateSource(_ command: [String], _ client: ModelClient) { evaluate(known(command[1]), command, client) }

    /// `EVAL script` or `EVALSHA digest`, and the arguments.
    private func evaluate(_ script: KnownScript, _ command: [String], _ client: ModelClient) {
        switch script {
        case .commit: commit(command, client)
        case .check: check(command, client)
        case .checkWithAccounts: checkWithAccounts(command, client)
        case .read:
            let fields = LedgerCall(self).read(Array(command[3...]))
            client.output.array(fields.count * 2)
            for text in fields.flatMap({ [$0.name, $0.value] }) { client.output.text(text) }
        case .reports: settleReports(command[3...], client)
        case .revocations: revoke(command[3...], client)
        case .rights: client.output.array(0)
        // The model does not count what was ever added.
        case .added: client.output.null()
        case .removeRemnants:
            removeRemnants(stream: command[3], group: command[4], idle: Int64(command[5]) ?? 0, client)
        case .leave: leave(stream: command[3], group: command[4], consumer: command[5], client)
        case .take:
            guard command[2] == "2" else { fatalError("the model does not know \(command)") }
            delete(command[4])
            let ids = stride(from: 10, to: command.count, by: 2).map { Self.id(command[$0]) }
            take(ids, stream: command[3], group: command[5], consumer: command[6], counting: command[7] == "1", client)
        }
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
