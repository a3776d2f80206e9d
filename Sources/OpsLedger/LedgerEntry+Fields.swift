extension LedgerEntry {
    /// The exact text in the ledger, from `---` to the last line's end, without the fence around it. The next entry
    /// holds its hash.
    package var text: String { EntryField.text(of: fields) }

    package var sha256: String { Digest.sha256(of: text) }

    private var fields: [EntryField] {
        var fields = [
            EntryField("operation_id", .text(identifier)),
            EntryField("operation_name", .text(name)),
            EntryField("requested_by", .text("SELF")),
            EntryField("approved_by", .text("SELF")),
            EntryField("approval_timestamp", .text(timestamp)),
            EntryField("execution_timestamp", .text(timestamp)),
            EntryField("git_commit", .text(gitCommit)),
            EntryField("git_branch", .text(gitBranch)),
            EntryField("hostname", .text(hostname)),
            EntryField("risk_class", .text(riskClass.rawValue)),
            EntryField("blast_radius", .text(blastRadius)),
            EntryField("changes_summary", .text(changesSummary)),
            EntryField("objective", .text(objective)),
            EntryField("outcome", .text(outcome.rawValue)),
        ]
        if let rollbackOf { fields.append(EntryField("rollback_of", .text(rollbackOf))) }
        if !allowedPaths.isEmpty { fields.append(EntryField("allowed_paths", .list(allowedPaths))) }
        if !allowedServices.isEmpty { fields.append(EntryField("allowed_services", .list(allowedServices))) }
        if !services.isEmpty {
            fields.append(
                EntryField(
                    "services_status",
                    .pairs(
                        services.map { EntryField.Pair(name: $0.name, value: .text($0.state), quotesName: true) })))
        }
        if let proof { fields.append(EntryField("proof_file", .pairs(proof.pairs))) }
        if !metricsSnapshot.isEmpty { fields.append(EntryField("metrics_snapshot", .lines(metricsSnapshot.lines))) }
        if !redisSnapshot.isEmpty { fields.append(EntryField("redis_snapshot", .lines(redisSnapshot.lines))) }
        fields.append(EntryField("notes", .text(notes)))
        fields.append(EntryField(Self.previousField, .text(previousEntrySHA256)))
        return fields
    }

    static let previousField = "previous_entry_sha256"
    static let proofField = "proof_file"
}

extension ProofRecord {
    fileprivate var pairs: [EntryField.Pair] {
        let unknown = EntryField.Scalar.text(LedgerEntry.unknown)
        return [
            EntryField.Pair(name: "path", value: .text(path)),
            EntryField.Pair(name: "sha256", value: measured.map { .text($0.sha256) } ?? unknown),
            EntryField.Pair(name: "size_bytes", value: measured.map { .number($0.sizeBytes) } ?? unknown),
            EntryField.Pair(name: "mtime_utc", value: measured.map { .text($0.modified) } ?? unknown),
        ]
    }

    /// `nil` if these are not the four pairs.
    fileprivate init?(_ pairs: [EntryField.Pair]) {
        guard pairs.map(\.name) == ["path", "sha256", "size_bytes", "mtime_utc"], case .text(let path) = pairs[0].value,
            case .text(let sha256) = pairs[1].value, case .text(let modified) = pairs[3].value
        else { return nil }
        switch pairs[2].value {
        case .number(let size) where size >= 0 && Digest.isSHA256(sha256):
            self.init(path: path, measured: Measured(sha256: sha256, sizeBytes: size, modified: modified))
        case .text(LedgerEntry.unknown) where sha256 == LedgerEntry.unknown && modified == LedgerEntry.unknown:
            self.init(path: path, measured: nil)
        default: return nil
        }
    }
}

extension ServiceState {
    /// `nil` if one of the states is not a text.
    fileprivate static func all(_ pairs: [EntryField.Pair]) -> [ServiceState]? {
        var states: [ServiceState] = []
        for pair in pairs {
            guard case .text(let state) = pair.value else { return nil }
            states.append(ServiceState(name: pair.name, state: state))
        }
        return states
    }
}

extension LedgerEntry {
    /// Reads an entry's text. It must equal, byte for byte, the text that `text` gives for the entry.
    init(text: String) throws(EntryTextError) {
        let reader = try EntryReader(text)
        identifier = try reader.text("operation_id")
        name = try reader.text("operation_name")
        timestamp = try reader.text("execution_timestamp")
        gitCommit = try reader.text("git_commit")
        gitBranch = try reader.text("git_branch")
        hostname = try reader.text("hostname")
        riskClass = try reader.oneOf("risk_class")
        blastRadius = try reader.text("blast_radius")
        changesSummary = try reader.text("changes_summary")
        objective = try reader.text("objective")
        outcome = try reader.oneOf("outcome")
        rollbackOf = try reader.has("rollback_of") ? reader.text("rollback_of") : nil
        allowedPaths = try reader.list("allowed_paths")
        allowedServices = try reader.list("allowed_services")
        services = try reader.pairs("services_status", ServiceState.all) ?? []
        proof = try reader.pairs(Self.proofField, ProofRecord.init)
        metricsSnapshot = Snapshot(recorded: try reader.lines("metrics_snapshot"))
        redisSnapshot = Snapshot(recorded: try reader.lines("redis_snapshot"))
        notes = try reader.text("notes")
        previousEntrySHA256 = try reader.text(Self.previousField)
        try requireSameText(as: text)
    }

    private func requireSameText(as recorded: String) throws(EntryTextError) {
        let expected = splitLines(self.text)
        let found = splitLines(recorded)
        for (index, line) in found.enumerated() where index >= expected.count || !line.isExactly(expected[index]) {
            throw EntryTextError(
                line: index,
                message:
                    "this line is not as `ledger append` writes it: wrong value, order or form, or an unknown field")
        }
        guard found.count == expected.count else {
            throw EntryTextError(line: found.count - 1, message: "the entry ends too early")
        }
    }
}
