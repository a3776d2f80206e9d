import JSONText
import Logging
import Platform

extension LogRecord {
    /// `time level label: message key=value …` for a reader at a terminal.
    func appendText(to line: inout [UInt8], colored: Bool) {
        time.appendMilliseconds(to: &line)
        line.append(UInt8(ascii: " "))
        if colored { line.append(contentsOf: "\u{1B}[\(level.color)m".utf8) }
        line.append(contentsOf: level.rawValue.utf8)
        if colored { line.append(contentsOf: "\u{1B}[0m".utf8) }
        // The longest level is `critical`: messages start in one column for one label.
        line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(1, 9 - level.rawValue.utf8.count)))
        Self.append(visible: label, to: &line)
        line.append(contentsOf: ": ".utf8)
        Self.append(visible: message, to: &line)
        for (key, value) in fields {
            line.append(UInt8(ascii: " "))
            Self.append(visible: key, to: &line)
            line.append(UInt8(ascii: "="))
            Self.append(value: value, to: &line)
        }
    }

    /// Characters that are not visible come out as escapes: text from outside must neither forge a line nor steer a terminal.
    private static func append(visible text: String, to line: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            if scalar.isVisible {
                line.append(contentsOf: String(scalar).utf8)
            } else if let ascii = UInt8(exactly: scalar.value), ascii < 0x80 {
                JSON.escape(ascii: ascii, to: &line)
            } else {
                JSON.escape(scalar: scalar, to: &line)
            }
        }
    }

    /// Bare if the value has no blanks, quotes or other delimiters, else a JSON string.
    private static func append(value: Logger.MetadataValue, to line: inout [UInt8]) {
        let text: String
        switch value {
        case .string(let string): text = string
        case .stringConvertible(let value): text = value.description
        case .array, .dictionary:
            var json: [UInt8] = []
            value.appendJSON(to: &json, depth: 1)
            append(visible: String(decoding: json, as: UTF8.self), to: &line)
            return
        }
        let isBare =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" && $0 != "\\" && $0.isVisible }
        if isBare {
            line.append(contentsOf: text.utf8)
        } else {
            var json: [UInt8] = []
            JSON.write(string: text, to: &json)
            append(visible: String(decoding: json, as: UTF8.self), to: &line)
        }
    }

}

extension Logger.Level {
    /// The parameter of the terminal's SGR sequence.
    fileprivate var color: String {
        switch self {
        case .trace, .debug: "2"
        case .info: "32"
        case .notice: "36"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }
}
