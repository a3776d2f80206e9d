import Yams

/// The fields of an entry's text, read as YAML, each asked for with the kind of value that it must have.
///
/// YAML allows more than `EntryField` writes. `LedgerEntry.init(text:)` therefore compares the text, byte for byte,
/// with the text that it would write for the same fields.
struct EntryReader {
    private struct Field {
        /// The line within the entry's text, from 0.
        let line: Int
        let value: Node
    }

    private let lines: [Substring]
    private var fields: [String: Field] = [:]

    init(_ text: String) throws(EntryTextError) {
        lines = splitLines(text)
        guard let mapping = try Self.root(text, lines)?.mapping else {
            throw EntryTextError(line: 0, message: "an entry is a list of fields, name: value")
        }
        for (key, value) in mapping {
            // The writer's fields all have names, so the comparison of the texts finds the other keys.
            guard case .scalar(let name) = key else { continue }
            fields[name.string] = Field(line: (key.mark?.line ?? 1) - 1, value: value)
        }
    }

    func has(_ name: String) -> Bool { fields[name] != nil }

    func text(_ name: String) throws(EntryTextError) -> String {
        guard let field = fields[name] else { throw EntryTextError(line: 0, message: "\(name) is missing") }
        guard let text = text(of: field.value) else { throw wrong(name, field, "a text in double quotes") }
        return text
    }

    func oneOf<Value: RawRepresentable & CaseIterable>(_ name: String) throws(EntryTextError) -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try text(name)) else {
            let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw EntryTextError(line: fields[name]?.line ?? 0, message: "\(name) is not one of \(allowed)")
        }
        return value
    }

    func list(_ name: String) throws(EntryTextError) -> [String] {
        guard let field = fields[name] else { return [] }
        guard case .sequence(let values) = field.value else { throw wrong(name, field, "a list") }
        let texts = values.compactMap(text(of:))
        guard texts.count == values.count else { throw wrong(name, field, "a list of texts in double quotes") }
        return texts
    }

    func lines(_ name: String) throws(EntryTextError) -> [String] {
        guard let field = fields[name] else { return [] }
        guard case .scalar(let scalar) = field.value, scalar.style == .literal else {
            throw wrong(name, field, "a block of lines")
        }
        return splitLines(scalar.string).dropLast().map(String.init)
    }

    /// `nil` if the field is missing. `convert` returns `nil` for pairs of the wrong form.
    func pairs<Value>(_ name: String, _ convert: ([EntryField.Pair]) -> Value?) throws(EntryTextError) -> Value? {
        guard let field = fields[name] else { return nil }
        guard case .mapping(let mapping) = field.value, let value = convert(mapping.compactMap(pair)) else {
            throw wrong(name, field, "what `ledger append` writes there")
        }
        return value
    }

    private func pair(_ key: Node, _ value: Node) -> EntryField.Pair? {
        guard case .scalar(let name) = key, case .scalar(let scalar) = value else { return nil }
        if scalar.style == .plain, let number = Int(scalar.string) {
            return EntryField.Pair(name: name.string, value: .number(number))
        }
        return text(of: value).map { EntryField.Pair(name: name.string, value: .text($0)) }
    }

    private func text(of node: Node) -> String? {
        guard case .scalar(let scalar) = node, scalar.style == .doubleQuoted else { return nil }
        // Yams decodes with Foundation, which drops a byte order mark at a text's start.
        guard let mark = scalar.mark, lines.indices.contains(mark.line - 1),
            lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).starts(with: #""\ufeff"#.unicodeScalars)
        else { return scalar.string }
        return "\u{FEFF}" + scalar.string
    }

    private func wrong(_ name: String, _ field: Field, _ expected: String) -> EntryTextError {
        EntryTextError(line: field.line, message: "\(name) is not \(expected)")
    }
}

extension EntryReader {
    private static func root(_ text: String, _ lines: [Substring]) throws(EntryTextError) -> Node? {
        do {
            return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            let name = keys.first ?? ""
            let uses = lines.indices.filter { lines[$0].starts(exactlyWith: "\(name):") }
            throw EntryTextError(
                line: uses.dropFirst().first ?? context.mark.line - 1, message: "\(visible(name)) is there twice")
        } catch YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _)
        {
            throw EntryTextError(line: (context?.mark ?? mark).line - 1, message: "not valid YAML: \(problem)")
        } catch YamlError.reader(let problem, let offset, _, _) {
            let line = splitLines(String(text.prefix(offset ?? 0))).count - 1
            throw EntryTextError(line: line, message: "not valid YAML: \(problem)")
        } catch {
            throw EntryTextError(line: 0, message: "not valid YAML")
        }
    }
}
