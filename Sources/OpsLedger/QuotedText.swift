/// A text as a YAML scalar in double quotes, on one line. Every YAML reader gives the same text back, byte for byte.
///
/// Control characters, foreign line ends and characters that change how a line is displayed are escaped, so that a
/// reviewer sees the real text.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        default:
            if scalar.isInvisible { result += scalar.escape } else { result.unicodeScalars.append(scalar) }
        }
    }
    return result + "\""
}

/// A line as it may stand in a literal block: one line, nothing invisible, no blanks at its end.
func visible(_ line: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
        if scalar.isInvisible || scalar == "\n" || scalar == "\r" {
            result.append(contentsOf: scalar.escape.unicodeScalars)
        } else {
            result.append(scalar)
        }
    }
    while result.last == " " || result.last == "\t" { result.removeLast() }
    return String(result)
}

extension Unicode.Scalar {
    /// Characters that YAML does not allow or takes for a line end, and invisible ones: controls but the tab,
    /// zero-width and direction marks, byte order mark, non-characters.
    fileprivate var isInvisible: Bool {
        switch value {
        case 0x09: false
        case 0...0x1F, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFFE...0xFFFF: true
        default: false
        }
    }

    fileprivate var escape: String {
        let hex = String(value, radix: 16)
        return value <= 0xFF
            ? "\\x" + String(repeating: "0", count: 2 - hex.count) + hex
            : "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}
