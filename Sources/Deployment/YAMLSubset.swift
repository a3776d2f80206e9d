/// Refuses YAML that a deployment file must not use before the parser sees it: anchors and aliases (which can make a
/// small file endless), tags, block scalars, explicit keys, directives, text across lines, control characters, deep
/// nesting (the parser recurses).
///
/// A plain text that continues on the next line is one token to the parser and two tokens here. So this check refuses
/// more than the parser would need, never less.
struct YAMLSubset {
    /// Brackets within brackets. A deployment file needs five.
    static let maximumDepth = 16
    /// Bounds nesting by indentation.
    static let maximumIndentation = 64

    struct Violation: Equatable {
        let position: SourcePosition
        let message: String
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var column = 1
    private var depth = 0
    private var violation: Violation?

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The first violation; `nil` for a text that the parser may read.
    static func check(_ text: String) -> Violation? {
        var subset = YAMLSubset(text)
        return subset.scan()
    }

    private mutating func scan() -> Violation? {
        var startsLine = true
        while violation == nil, let scalar = peek() {
            if Self.isBreak(scalar) {
                startsLine = true
                advance()
            } else if scalar == " " || scalar == "\t" || (scalar == "\u{FEFF}" && column == 1) {
                advance()
            } else {
                if column == 1, scalar == "%" { refuse("directives (%) are not supported") }
                if startsLine, depth == 0, column > Self.maximumIndentation, scalar != "#" {
                    refuse("indented by more than \(Self.maximumIndentation) columns")
                }
                startsLine = token(scalar) && startsLine
            }
        }
        return violation
    }

    /// Scans one token. Returns `true` for a block indicator, because nesting may go on behind it in the same line.
    private mutating func token(_ scalar: Unicode.Scalar) -> Bool {
        let isIndicator = isBlank(1)
        switch scalar {
        case "#":
            while let next = peek(), !Self.isBreak(next) { advance() }
        case "[", "{":
            depth += 1
            if depth > Self.maximumDepth { refuse("nested more than \(Self.maximumDepth) levels deep") }
            advance()
        case "]", "}":
            depth = max(0, depth - 1)
            advance()
        case ",":
            advance()
        case "-" where isIndicator, ":" where isIndicator || depth > 0:
            advance()
            return true
        case "?" where isIndicator || depth > 0:
            refuse("explicit keys (?) are not supported")
        case "*":
            refuse("aliases (*) are not supported: put text that begins with * in quotes")
        case "&":
            refuse("anchors (&) are not supported: put text that begins with & in quotes")
        case "!":
            refuse("tags (!) are not supported: put text that begins with ! in quotes")
        case "|" where depth == 0, ">" where depth == 0:
            refuse("text blocks (\(scalar)) are not supported: write the text in quotes, on one line")
        case "\"", "'":
            quoted(scalar)
        default:
            plain()
        }
        return false
    }

    private mutating func quoted(_ quote: Unicode.Scalar) {
        let start = SourcePosition(line: line, column: column)
        advance()
        while violation == nil {
            guard let scalar = peek(), !Self.isBreak(scalar) else {
                violation = Violation(position: start, message: "the quote is not closed on its line")
                return
            }
            advance()
            if scalar == quote {
                guard quote == "'", peek() == "'" else { return }
                advance()
            } else if scalar == "\\", quote == "\"", let escaped = peek(), !Self.isBreak(escaped) {
                advance()
            }
        }
    }

    private mutating func plain() {
        // The first character may look like an indicator without being one, as in `-1` and `:x`.
        advance()
        while violation == nil, let scalar = peek(), !Self.isBreak(scalar) {
            if scalar == ":", isBlank(1) || (depth > 0 && isAny(of: ",?[]{}", at: 1)) { return }
            if depth > 0, isAny(of: ",[]{}", at: 0) { return }
            if scalar == " " || scalar == "\t", isAny(of: "#", at: 1) { return }
            advance()
        }
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private func isAny(of characters: String, at offset: Int) -> Bool {
        peek(offset).map { characters.unicodeScalars.contains($0) } ?? false
    }

    private func isBlank(_ offset: Int) -> Bool {
        peek(offset).map { $0 == " " || $0 == "\t" || Self.isBreak($0) } ?? true
    }

    private mutating func refuse(_ message: String) {
        if violation == nil {
            violation = Violation(position: SourcePosition(line: line, column: column), message: message)
        }
    }

    private mutating func advance() {
        guard let scalar = peek() else { return }
        if !Self.isAllowed(scalar) {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
            refuse("the control character U+\(zeros)\(digits) is not allowed")
        }
        index += 1
        if Self.isBreak(scalar), !(scalar == "\r" && peek() == "\n") {
            line += 1
            column = 1
        } else {
            column += 1
        }
    }

    /// The parser's five line breaks.
    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFFFD, 0x10000...: true
        default: false
        }
    }
}
