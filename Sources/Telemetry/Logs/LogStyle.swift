/// The look of log lines, as an operator chooses it.
package enum LogStyle: String, CaseIterable, Sendable {
    /// `text` on a terminal, `json` anywhere else.
    case automatic
    case text
    case json

    /// `noColor`: the variable `NO_COLOR`, which asks for plain text when it is set and not empty (no-color.org).
    func format(isTerminal: Bool, noColor: String?) -> LogFormat {
        let text = LogFormat.text(colored: isTerminal && (noColor ?? "").isEmpty)
        return switch self {
        case .automatic: isTerminal ? text : .json
        case .text: text
        case .json: .json
        }
    }
}

/// The format that a handler writes.
package enum LogFormat: Equatable, Sendable {
    case text(colored: Bool)
    case json

    /// The record as one line, with its newline.
    func line(of record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch self {
        case .text(let colored): record.appendText(to: &line, colored: colored)
        case .json: record.appendJSON(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
