/// The ledger file, taken apart: a preamble for people, then months, newest first, each with its entries, newest first,
/// and a foot.
///
///     ## 2026-01
///
///     ```yaml
///     ---
///     operation_id: "OPS-2026-01-28-001"
///     …
///     ```
///
///     <!-- entries: 1, newest_entry_sha256: … -->
///
/// The foot holds the hash of the newest entry, which no later entry holds. Without it, a change or removal of the
/// newest entry would go unnoticed.
package struct LedgerDocument: Sendable {
    struct Entry: Sendable {
        let text: String
        /// Of the `---`, from 1.
        let line: Int
        /// `nil` if no month stands above it.
        let month: String?
    }

    struct Month: Sendable {
        let name: String
        /// Of the heading, from 1.
        let line: Int
    }

    struct Foot: Sendable {
        let count: Int
        let newestSHA256: String
        /// From 1.
        let line: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var months: [Month] = []
    private(set) var foot: Foot?
    /// The mistakes in the file's outline.
    private(set) var problems: [LedgerProblem] = []
    private let lines: [Substring]

    static let fence = "```yaml"
    static let fenceEnd = "```"
    static let preamble = """
        # Operations changelog

        Newest first. Written by `gatehost ledger append`, checked by `gatehost ledger verify`. Do not edit: each \
        entry holds the SHA-256 of the
        entry before it, from its `---` to the line above its closing fence, and the last line of this file that of \
        the newest.
        """

    package init(_ text: String) {
        lines = splitLines(text)
        var index = 0
        while index < lines.count {
            let line = lines[index]
            if line.isExactly(Self.fence) {
                index = takeEntry(after: index)
                continue
            }
            let number = index + 1
            if let month = Self.month(line) {
                months.append(Month(name: month, line: number))
            } else if let (count, sha256) = Self.foot(line) {
                if foot != nil {
                    problems.append(.error(number, "there is more than one line with newest_entry_sha256"))
                }
                foot = Foot(count: count, newestSHA256: sha256, line: number)
            } else if !line.isEmpty, !(months.isEmpty && entries.isEmpty && foot == nil) {
                problems.append(.error(number, "text between entries: nothing protects it, so it has no place here"))
            }
            index += 1
        }
        if let foot, let last = entries.last, last.line > foot.line {
            problems.append(.error(foot.line, "the line with newest_entry_sha256 must be the last one"))
        }
    }

    /// Returns the index of the line behind the entry.
    private mutating func takeEntry(after fence: Int) -> Int {
        let start = fence + 1
        guard let end = lines[start...].firstIndex(where: { $0.isExactly(Self.fenceEnd) }) else {
            problems.append(.error(start, "this fence is not closed"))
            return lines.count
        }
        if months.isEmpty { problems.append(.error(start, "an entry above the first month")) }
        let text = lines[start..<end].map { "\($0)\n" }.joined()
        entries.append(Entry(text: text, line: start + 1, month: months.last?.name))
        return end + 1
    }

    /// The file's text with one more entry on top.
    func inserting(_ entry: String, month: String) -> String {
        let isSameMonth = months.first?.name == month
        let body =
            lines.firstIndex { Self.month($0) != nil } ?? lines.firstIndex { Self.foot($0) != nil } ?? lines.count
        var head = Self.trimmed(lines[..<body])
        if head.isEmpty { head = splitLines(Self.preamble)[...] }
        let tail = Self.trimmed(
            lines[min(isSameMonth ? body + 1 : body, lines.count)...].filter { Self.foot($0) == nil }[...])

        var parts = [head.joined(separator: "\n"), "## \(month)", "\(Self.fence)\n\(entry)\(Self.fenceEnd)"]
        if !tail.isEmpty { parts.append(tail.joined(separator: "\n")) }
        parts.append("<!-- entries: \(entries.count + 1), newest_entry_sha256: \(Digest.sha256(of: entry)) -->")
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func trimmed(_ lines: ArraySlice<Substring>) -> ArraySlice<Substring> {
        var lines = lines.drop { $0.isEmpty }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func month(_ line: Substring) -> String? {
        guard line.starts(exactlyWith: "## ") else { return nil }
        let name = line.dropFirstBytes(3)
        let bytes = Array(name.utf8)
        guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"), (bytes[..<4] + bytes[5...]).allSatisfy({ $0.isDigit })
        else { return nil }
        return String(name)
    }

    private static func foot(_ line: Substring) -> (count: Int, sha256: String)? {
        guard let match = line.wholeMatch(of: /<!-- entries: ([0-9]{1,9}), newest_entry_sha256: ([0-9a-f]{64}) -->/),
            let count = Int(match.1)
        else { return nil }
        return (count, String(match.2))
    }
}
