/// An entry's fields by name, each asked for with the kind of value that it must have.
struct EntryFieldValues {
    private let fields: [String: EntryField]

    init(_ fields: [EntryField]) {
        // The reader lets no name through twice.
        self.fields = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func has(_ name: String) -> Bool { fields[name] != nil }

    func line(_ name: String) -> Int { fields[name]?.line ?? 0 }

    func text(_ name: String) throws(EntryTextError) -> String {
        guard let field = fields[name] else { throw EntryTextError(line: 0, message: "\(name) is missing") }
        guard case .text(let text) = field.value else { throw wrong(name) }
        return text
    }

    func oneOf<Value: RawRepresentable & CaseIterable>(_ name: String) throws(EntryTextError) -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try text(name)) else {
            let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw EntryTextError(line: line(name), message: "\(name) is not one of \(allowed)")
        }
        return value
    }

    func list(_ name: String) throws(EntryTextError) -> [String] {
        guard let field = fields[name] else { return [] }
        guard case .list(let values) = field.value else { throw wrong(name) }
        return values
    }

    func lines(_ name: String) throws(EntryTextError) -> [String] {
        guard let field = fields[name] else { return [] }
        guard case .lines(let lines) = field.value else { throw wrong(name) }
        return lines
    }

    func pairs<Value>(_ name: String, _ convert: (EntryField.Pair) -> Value?) throws(EntryTextError) -> [Value] {
        guard let field = fields[name] else { return [] }
        guard case .pairs(let pairs) = field.value else { throw wrong(name) }
        let values = pairs.compactMap(convert)
        guard values.count == pairs.count else { throw wrong(name) }
        return values
    }

    func whole<Value>(_ name: String, _ convert: ([EntryField.Pair]) -> Value?) throws(EntryTextError) -> Value? {
        guard let field = fields[name] else { return nil }
        guard case .pairs(let pairs) = field.value, let value = convert(pairs) else { throw wrong(name) }
        return value
    }

    private func wrong(_ name: String) -> EntryTextError {
        EntryTextError(line: line(name), message: "\(name) has the wrong kind of value")
    }
}
