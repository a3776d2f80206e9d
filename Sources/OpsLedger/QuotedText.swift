/// A text as a YAML scalar in double quotes, on one line. Every YAML reader gives the same text back, byte for byte.
///
/// Control characters, foreign line ends and characters that change how a line is displayed are escaped, so that what a
/// reviewer sees is what is there.
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

/// The text of a scalar that `quoted` wrote; nil for anything else.
func unquoted(_ text: Substring) -> String? {
    var scalars = text.unicodeScalars[...]
    guard scalars.count >= 2, scalars.popFirst() == "\"", scalars.popLast() == "\"" else { return nil }
    var result = String.UnicodeScalarView()
    while let scalar = scalars.popFirst() {
        guard scalar != "\"" else { return nil }
        guard scalar == "\\" else {
            result.append(scalar)
            continue
        }
        switch scalars.popFirst() {
        case "\"": result.append("\"")
        case "\\": result.append("\\")
        case "n": result.append("\n")
        case "r": result.append("\r")
        case "t": result.append("\t")
        case "x":
            guard let scalar = hexScalar(&scalars, digits: 2) else { return nil }
            result.append(scalar)
        case "u":
            guard let scalar = hexScalar(&scalars, digits: 4) else { return nil }
            result.append(scalar)
        default: return nil
        }
    }
    return String(result)
}

private func hexScalar(_ scalars: inout Substring.UnicodeScalarView, digits: Int) -> Unicode.Scalar? {
    let text = String(String.UnicodeScalarView(scalars.prefix(digits)))
    guard text.utf8.count == digits, text.utf8.allSatisfy({ $0.isLowercaseHex }), let value = UInt32(text, radix: 16)
    else { return nil }
    scalars = scalars.dropFirst(digits)
    return Unicode.Scalar(value)
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
    /// Not allowed in YAML, a line end to YAML, or unseen: controls but the tab, zero-width and direction marks, byte
    /// order mark, non-characters.
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
