/// A table for a terminal or a document. Columns are as wide as their widest cell; the first is left-aligned, the
/// others right-aligned.
package struct TextTable {
    private var rows: [[String]]

    package init(_ header: [String]) {
        rows = [header]
    }

    package mutating func add(_ row: [String]) {
        rows.append(row)
    }

    package var lines: [String] {
        cells(atLeast: 0).map { $0.joined(separator: "  ") }
    }

    /// The table as Markdown that is also readable in a terminal.
    package var markdown: [String] {
        let cells = cells(atLeast: 3)
        let rule = (cells.first ?? []).enumerated().map {
            $0 == 0 ? String(repeating: "-", count: $1.count) : String(repeating: "-", count: $1.count - 1) + ":"
        }
        return (cells.prefix(1) + [rule] + cells.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |" }
    }

    private func cells(atLeast minimum: Int) -> [[String]] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            max(minimum, rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0)
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }
        }
    }
}
