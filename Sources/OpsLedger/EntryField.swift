/// A field of an entry. The entry's text is a list of fields, and its hash covers exactly these bytes. So they are
/// written here and not by a YAML library.
struct EntryField {
    enum Value {
        case text(String)
        case number(Int)
        case list([String])
        case pairs([Pair])
        case lines([String])
    }

    struct Pair {
        let name: String
        let value: Scalar
        /// For names that are not plain words.
        var quotesName = false
    }

    enum Scalar {
        case text(String)
        case number(Int)
    }

    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

extension EntryField {
    /// Four blanks: a line that starts with ``` closes the Markdown fence around the entry if it is indented by three
    /// blanks or fewer.
    static let linesIndentation = "    "
    static let documentStart = "---"

    /// The exact text of an entry.
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
                text += "  \(pair.quotesName ? quoted(pair.name) : pair.name): "
                switch pair.value {
                case .text(let value): text += "\(quoted(value))\n"
                case .number(let value): text += "\(value)\n"
                }
            }
        case .lines(let lines):
            text += " |\n"
            for line in lines { text += line.isEmpty ? "\n" : "\(Self.linesIndentation)\(line)\n" }
        }
    }
}
