/// The suite's outcome as a Markdown document.
struct FaultTable {
    enum Result {
        case passed(observed: String)
        case failed(String)
        case skipped(String)
    }

    struct Row {
        let fault: Fault
        let result: Result
        let duration: Duration
        /// For each failed attempt, how long the machine stood still during it.
        var stalls: [Duration] = []

        var observed: String {
            guard !stalls.isEmpty else { return result.observed }
            return "(run again: the machine stood still for \(stalls.map(\.text).joined(separator: ", "))) "
                + result.observed
        }
    }

    let seed: UInt64
    let isQuick: Bool
    var rows: [Row] = []

    var failures: Int { rows.count { if case .failed = $0.result { true } else { false } } }
    var skips: Int { rows.count { if case .skipped = $0.result { true } else { false } } }

    var text: String {
        let total = rows.map(\.duration).reduce(.zero, +)
        var lines = [
            "# Faults", "",
            "Seed \(seed), \(isQuick ? "quick" : "full") suite: \(rows.count) faults in \(Int(total / .seconds(1))) s, "
                + "\(failures) failed, \(skips) skipped.",
            "",
            "| fault | expected | observed | result |", "|---|---|---|---|",
        ]
        lines += rows.map { row in
            "| \(row.fault.summary) (`\(row.fault.name)`) | \(row.fault.expected) | \(Self.cell(row.observed)) "
                + "| \(row.result.word), \(row.duration.text) |"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Keeps a text in one cell: line breaks and bars would end it.
    private static func cell(_ text: String) -> String {
        text.replacing("\n", with: " ⏎ ").replacing("|", with: "\\|")
    }
}

extension FaultTable.Result {
    var observed: String {
        switch self {
        case .passed(let text), .failed(let text), .skipped(let text): text
        }
    }

    var word: String {
        switch self {
        case .passed: "pass"
        case .failed: "**FAIL**"
        case .skipped: "skipped"
        }
    }
}
