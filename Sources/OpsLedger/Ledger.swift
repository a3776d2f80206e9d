package import Platform

/// An operations ledger: a Markdown file whose entries form a hash chain.
package struct Ledger: Sendable {
    package static let defaultPath = "docs/OPS_CHANGELOG.md"
    static let maximumFileBytes = 64 << 20
    /// Another writer holds the lock only for milliseconds.
    static let lockLimit: Duration = .seconds(30)

    /// The path as the user gave it, for messages.
    package let path: String
    private let clock: @Sendable () -> UTCTime

    package init(path: String, clock: @escaping @Sendable () -> UTCTime = UTCTime.now) {
        self.path = path
        self.clock = clock
    }

    package struct Result: Sendable, Equatable {
        package let identifier: String
        /// False if the ledger already had the id. The file is then unchanged.
        package let isNew: Bool
        /// The facts that could not be collected, and why.
        package var warnings: [String] = []
    }

    /// Records an operation together with the facts that `collect` finds, given the ledger's repository. Facts are
    /// collected before the ledger is locked.
    package func append(
        _ operation: LedgerOperation, strict: Bool = false, collect: (_ repository: String) async -> LedgerFacts
    ) async throws(LedgerError) -> Result {
        let operation = try operation.normalized()
        let location = try LedgerLocation(path, creatingFolder: true)
        if let identifier = operation.identifier, try audit(location).contains(identifier) {
            return Result(identifier: identifier, isNew: false)
        }
        let (proof, failure) = try measure(operation.proofPath, location, strict: strict)
        let facts = await collect(location.repository)

        let lock = try await FolderLock(location.folder, within: Self.lockLimit)
        defer { _ = lock }
        let document = LedgerDocument(try read(location) ?? "")
        let audit = try sound(LedgerAudit(document))
        let now = clock()
        let identifier =
            operation.identifier ?? LedgerIdentifier.next(on: now.date, after: audit.entries.map(\.entry.identifier))
        guard !audit.contains(identifier) else { return Result(identifier: identifier, isNew: false) }
        if let newest = document.months.first, now.month < newest.name {
            throw LedgerError(
                .notRecorded, "\(path): the clock says \(now.month), but the newest entry is of \(newest.name)")
        }
        let previous = document.entries.first.map { Digest.sha256(of: $0.text) } ?? Digest.none
        let entry = LedgerEntry(
            operation, identifier: identifier, at: now, facts: facts, proof: proof, previous: previous)
        let text = document.inserting(entry.text, month: now.month)
        guard text.utf8.count <= Self.maximumFileBytes else {
            throw LedgerError(.notRecorded, "\(path): larger than \(Self.maximumFileBytes) bytes")
        }
        try AtomicFile.replace(location.file, with: Array(text.utf8))
        var warnings = facts.warnings
        if let failure { warnings.append(failure) }
        if operation.outcome == .rollback, operation.rollbackOf == nil {
            warnings.append("a ROLLBACK without --rollback_of does not name the operation that it undoes")
        }
        if let target = operation.rollbackOf, !audit.contains(target) {
            warnings.append("--rollback_of: \(target) is not in this ledger")
        }
        return Result(identifier: identifier, isNew: true, warnings: warnings)
    }

    /// All mistakes in the ledger and in the proof files that it names, in the order of lines.
    package func verify() throws(LedgerError) -> (audit: LedgerAudit, problems: [LedgerProblem]) {
        let location = try LedgerLocation(path, creatingFolder: false)
        guard let text = try read(location) else { throw systemError("\(path) cannot be read", 2) }
        let audit = LedgerAudit(LedgerDocument(text))
        var problems = audit.problems
        for checked in audit.entries {
            guard let proof = checked.entry.proof else { continue }
            let line = checked.line(of: LedgerEntry.proofField)
            if proof.measured == nil {
                problems.append(
                    .warning(line, "proof file '\(visible(proof.path))' could not be read when it was recorded"))
            } else if let difference = proof.difference(in: location.repository) {
                problems.append(.error(line, "proof file '\(visible(proof.path))' \(difference)"))
            }
        }
        problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        return (audit, problems)
    }

    private func read(_ location: LedgerLocation) throws(LedgerError) -> String? {
        guard let bytes = try AtomicFile.read(location.file, atMost: Self.maximumFileBytes) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LedgerError(.notRecorded, "\(path) is not UTF-8 text")
        }
        return text
    }

    private func audit(_ location: LedgerLocation) throws(LedgerError) -> LedgerAudit {
        try sound(LedgerAudit(LedgerDocument(try read(location) ?? "")))
    }

    /// A new entry on a broken chain would make the break look like the ledger's own.
    private func sound(_ audit: LedgerAudit) throws(LedgerError) -> LedgerAudit {
        guard let first = audit.problems.first else { return audit }
        let others = audit.problems.count - 1
        let more = others > 0 ? " (and \(others) more)" : ""
        throw LedgerError(
            .notRecorded,
            "\(first.description(file: path))\(more); nothing is added to a ledger that does not verify")
    }

    /// A missing proof file fails a strict append. Any other append records it as unknown.
    private func measure(_ path: String?, _ location: LedgerLocation, strict: Bool) throws(LedgerError) -> (
        ProofRecord?, failure: String?
    ) {
        guard let path else { return (nil, nil) }
        let recorded = location.recorded(path)
        do throws(LedgerError) {
            return (ProofRecord(path: recorded, measured: try ProofRecord.Measured(path: path)), nil)
        } catch {
            let failure = "proof file '\(visible(path))' \(error.message)"
            guard !strict else { throw LedgerError(.notRecorded, failure) }
            return (ProofRecord(path: recorded, measured: nil), failure)
        }
    }
}
