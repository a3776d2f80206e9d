/// Why an entry's text is not what `EntryField.text` writes.
struct EntryTextError: Error, Equatable {
    /// Within the entry's text, from 0.
    let line: Int
    let message: String
}

/// Reads back exactly what `EntryField` writes, a small part of YAML: no other text can have been written by `append`,
/// and none can trap or overwhelm the reader. Works on bytes and scalars, since a combining character would join the
/// quote before it into one `Character`.
struct EntryFieldReader {
    private let lines: [Substring]
    private var next = 0

    init(_ text: String) {
        var lines = splitLines(text)
        // The text ends with a line's end; what follows it is no line.
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
    }

    static func fields(of text: String) throws(EntryTextError) -> [EntryField] {
        var reader = EntryFieldReader(text)
        return try reader.read()
    }

    private mutating func read() throws(EntryTextError) -> [EntryField] {
        guard let first = lines.first, first.isExactly(EntryField.documentStart) else {
            throw EntryTextError(line: 0, message: "an entry starts with \(EntryField.documentStart)")
        }
        next = 1
        var fields: [EntryField] = []
        var names: Set<String> = []
        while next < lines.count {
            let line = next
            next += 1
            guard let (name, rest) = Self.key(lines[line]) else {
                throw EntryTextError(line: line, message: "expected a field, name: value")
            }
            guard names.insert(name).inserted else {
                throw EntryTextError(line: line, message: "\(name) is there twice")
            }
            fields.append(EntryField(name, try value(rest, line: line), line: line))
        }
        return fields
    }

    private mutating func value(_ rest: Substring, line: Int) throws(EntryTextError) -> EntryField.Value {
        if rest.isExactly(" |") { return .lines(literal()) }
        if rest.isEmpty { return try nested(line: line) }
        switch try Self.scalar(rest, line: line) {
        case .text(let text): return .text(text)
        case .number(let number): return .number(number)
        }
    }

    private mutating func literal() -> [String] {
        var result: [String] = []
        while next < lines.count, lines[next].isEmpty || lines[next].starts(exactlyWith: EntryField.linesIndentation) {
            result.append(String(lines[next].dropFirstBytes(EntryField.linesIndentation.utf8.count)))
            next += 1
        }
        return result
    }

    private mutating func nested(line: Int) throws(EntryTextError) -> EntryField.Value {
        var list: [String] = []
        var pairs: [EntryField.Pair] = []
        while next < lines.count, lines[next].starts(exactlyWith: "  ") {
            let content = lines[next].dropFirstBytes(2)
            if content.starts(exactlyWith: "-") {
                guard case .text(let text) = try Self.scalar(content.dropFirstBytes(1), line: next) else {
                    throw EntryTextError(line: next, message: "expected a text in double quotes")
                }
                list.append(text)
            } else {
                guard let (name, rest) = Self.key(content) else {
                    throw EntryTextError(line: next, message: "expected a field, name: value")
                }
                pairs.append(EntryField.Pair(name: name, value: try Self.scalar(rest, line: next)))
            }
            next += 1
        }
        switch (list.isEmpty, pairs.isEmpty) {
        case (false, true): return .list(list)
        case (true, false): return .pairs(pairs)
        default: throw EntryTextError(line: line, message: "expected a list or fields, not both, and not nothing")
        }
    }

    /// A plain name, or the name of a service, up to the colon that a blank or the line's end follows.
    private static func key(_ line: Substring) -> (name: String, rest: Substring)? {
        let bytes = line.utf8
        if bytes.first == UInt8(ascii: "\"") {
            guard let close = bytes.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            let after = bytes.index(after: close)
            guard bytes[after...].first == UInt8(ascii: ":") else { return nil }
            return (String(line[..<after]), line[bytes.index(after: after)...])
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
            bytes[..<colon].allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") })
        else { return nil }
        return (String(line[..<colon]), line[bytes.index(after: colon)...])
    }

    private static func scalar(_ text: Substring, line: Int) throws(EntryTextError) -> EntryField.Scalar {
        guard text.starts(exactlyWith: " ") else {
            throw EntryTextError(line: line, message: "expected a blank and a value")
        }
        let value = text.dropFirstBytes(1)
        if let number = Int(value), value.isExactly(String(number)) { return .number(number) }
        guard let text = unquoted(value) else {
            throw EntryTextError(line: line, message: "expected a text in double quotes")
        }
        return .text(text)
    }
}
