/// A field of an entry: the entry's text is a list of them, one under the other.
struct EntryField: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        case text(String)
        case number(Int)
        case list([String])
        case pairs([Pair])
        case lines([String])
    }

    struct Pair: Sendable, Equatable {
        let name: String
        let value: Scalar
    }

    enum Scalar: Sendable, Equatable {
        case text(String)
        case number(Int)
    }

    let name: String
    let value: Value
    /// Within the entry's text, from 0; of no meaning for writing.
    var line = 0

    init(_ name: String, _ value: Value, line: Int = 0) {
        self.name = name
        self.value = value
        self.line = line
    }
}

extension EntryField {
    /// Four, not two: a line that starts with ``` would close the Markdown fence around the entry, were it indented by
    /// three blanks or fewer.
    static let linesIndentation = "    "
    static let documentStart = "---"

    /// The exact text of an entry: what its hash is of.
    static func text(of fields: [EntryField]) -> String {
        var text = "\(documentStart)\n"
        for field in fields { field.write(to: &text) }
        return text
    }

    private func write(to text: inout String) {
        text += "\(name):"
        switch value {
        case .text(let value):
            text += " \(quoted(value))\n"
        case .number(let value):
            text += " \(value)\n"
        case .list(let values):
            text += "\n"
            for value in values { text += "  - \(quoted(value))\n" }
        case .pairs(let pairs):
            text += "\n"
            for pair in pairs {
                switch pair.value {
                case .text(let value): text += "  \(pair.name): \(quoted(value))\n"
                case .number(let value): text += "  \(pair.name): \(value)\n"
                }
            }
        case .lines(let lines):
            text += " |\n"
            for line in lines { text += line.isEmpty ? "\n" : "\(Self.linesIndentation)\(line)\n" }
        }
    }
}
