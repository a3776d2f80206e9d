/// A table that reads as one in a terminal too: columns as wide as their widest cell, the first to the left, numbers to the right.
struct MarkdownTable {
    private var rows: [[String]]

    init(_ header: [String]) {
        rows = [header]
    }

    mutating func add(_ row: [String]) {
        rows.append(row)
    }

    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in max(3, rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0) }
        let lines = rows.map { row in
            "| " + row.enumerated().map { Self.padded($1, widths[$0], left: $0 == 0) }.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { $0 == 0 ? String(repeating: "-", count: $1) : String(repeating: "-", count: $1 - 1) + ":" }
        return [lines[0], "| " + rule.joined(separator: " | ") + " |"] + lines.dropFirst()
    }

    private static func padded(_ text: String, _ width: Int, left: Bool) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return left ? text + padding : padding + text
    }
}
