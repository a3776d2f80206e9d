/// Reads every entry of a ledger and checks the file by itself: the entries' form, the ids, the months and the chain.
package struct LedgerAudit: Sendable {
    struct Checked: Sendable {
        let entry: LedgerEntry
        let source: LedgerDocument.Entry

        /// The line of a field in the file.
        func line(of field: String) -> Int {
            let offset = splitLines(source.text).firstIndex { $0.starts(exactlyWith: "\(field):") }
            return source.line + (offset ?? 0)
        }
    }

    package private(set) var problems: [LedgerProblem]
    /// The entries that could be read, newest first.
    private(set) var entries: [Checked] = []
    private let document: LedgerDocument

    package init(_ document: LedgerDocument) {
        self.document = document
        problems = document.problems
        var read: [Checked?] = []
        for source in document.entries {
            do throws(EntryTextError) {
                read.append(Checked(entry: try LedgerEntry(text: source.text), source: source))
            } catch {
                problems.append(.error(source.line + error.line, error.message))
                read.append(nil)
            }
        }
        entries = read.compactMap(\.self)
        checkMonths()
        checkIdentifiers()
        checkChain(read)
        checkFoot(read)
        problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    package var newestIdentifier: String? { entries.first?.entry.identifier }
    package var count: Int { entries.count }

    func contains(_ identifier: String) -> Bool {
        entries.contains { $0.entry.identifier == identifier }
    }

    private mutating func checkMonths() {
        for (newer, older) in zip(document.months, document.months.dropFirst()) where newer.name <= older.name {
            problems.append(
                .error(
                    older.line,
                    "month \(older.name) stands below \(newer.name): months go from the newest to the oldest"))
        }
        for checked in entries {
            guard let month = checked.source.month, !checked.entry.timestamp.starts(exactlyWith: "\(month)-") else {
                continue
            }
            problems.append(
                .error(
                    checked.line(of: "execution_timestamp"),
                    "an entry of \(visible(checked.entry.timestamp)) stands under month \(month)"))
        }
    }

    private mutating func checkIdentifiers() {
        var lines: [String: Int] = [:]
        // Oldest first: the later of two entries with one id is at fault.
        for checked in entries.reversed() {
            let line = checked.line(of: "operation_id")
            if let first = lines[checked.entry.identifier] {
                problems.append(
                    .error(
                        line,
                        "operation_id \(visible(checked.entry.identifier)) is that of the entry in line \(first) too"))
            } else {
                lines[checked.entry.identifier] = line
            }
        }
    }

    private mutating func checkChain(_ read: [Checked?]) {
        for (index, checked) in read.enumerated() {
            guard let checked else { continue }
            let recorded = checked.entry.previousEntrySHA256
            let line = checked.line(of: LedgerEntry.previousField)
            if index + 1 < document.entries.count {
                guard !recorded.isExactly(Digest.sha256(of: document.entries[index + 1].text)) else { continue }
                let before = Self.name(read[index + 1], document.entries[index + 1])
                problems.append(
                    .error(
                        line,
                        """
                        the chain is broken: this is not the SHA-256 of the entry before, \(before), which was \
                        changed, moved or put in, or one between them was removed
                        """))
            } else if !recorded.isExactly(Digest.none) {
                problems.append(
                    .error(
                        line,
                        """
                        the chain is broken: the oldest entry must have 64 zeros here; entries before it were \
                        removed or moved
                        """
                    ))
            }
        }
    }

    private mutating func checkFoot(_ read: [Checked?]) {
        guard let foot = document.foot else {
            if let newest = document.entries.first {
                problems.append(
                    .error(
                        newest.line,
                        "the file's last line, with newest_entry_sha256, is missing: nothing protects the newest entry")
                )
            }
            return
        }
        if foot.count != document.entries.count {
            problems.append(
                .error(foot.line, "\(foot.count) entries were recorded, \(document.entries.count) are there"))
        }
        let newest = document.entries.first
        guard !foot.newestSHA256.isExactly(newest.map { Digest.sha256(of: $0.text) } ?? Digest.none) else { return }
        let name = newest.flatMap { newest in read.first.map { Self.name($0, newest) } } ?? "none"
        problems.append(
            .error(
                foot.line,
                """
                newest_entry_sha256 is not that of the newest entry, \(name), which was changed, moved or put in, or \
                newer ones were removed
                """
            ))
    }

    private static func name(_ checked: Checked?, _ source: LedgerDocument.Entry) -> String {
        "\(checked.map { visible($0.entry.identifier) } ?? "unreadable") in line \(source.line)"
    }
}
