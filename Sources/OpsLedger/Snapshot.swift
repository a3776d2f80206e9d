/// Metrics or Redis replies at the time of an operation, as the lines of a literal block.
package struct Snapshot: Sendable, Equatable {
    package static let maximumLines = 30
    static let maximumLineScalars = 500
    static let cut = "# … more lines, not recorded"

    /// Lines without invisible characters. The first starts with `#`, so that YAML finds the block's indentation. The
    /// last is not empty: the block would lose it.
    package let lines: [String]

    package var isEmpty: Bool { lines.isEmpty }

    package init(_ sections: [SnapshotSection]) {
        var lines: [String] = []
        for section in sections {
            lines.append(Self.fitted("# \(redacted(section.title))"))
            lines += section.lines.map { Self.fitted(redacted($0)) }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        if lines.count > Self.maximumLines { lines = lines.prefix(Self.maximumLines - 1) + [Self.cut] }
        self.lines = lines
    }

    /// Lines as they were read from a ledger.
    init(recorded lines: [String]) {
        self.lines = lines
    }

    private static func fitted(_ line: String) -> String {
        let scalars = line.unicodeScalars
        guard scalars.count > maximumLineScalars else { return visible(line) }
        return visible(String(String.UnicodeScalarView(scalars.prefix(maximumLineScalars - 1)))) + "…"
    }
}

/// One command or search, and its result.
package struct SnapshotSection: Sendable, Equatable {
    package let title: String
    package let lines: [String]

    package init(title: String, lines: [String]) {
        self.title = title
        self.lines = lines
    }
}
