/// Lets the YAML parser read on behind a duplicate key, which it refuses together with the whole document: the first of
/// the two is given another name in the text, of the same length, so that every position stays what it is.
struct DuplicateKeys {
    /// Each costs one more reading of the file.
    static let maximumMasks = 16

    private(set) var text: String
    private var originals: [String: String] = [:]

    init(text: String) {
        self.text = text
    }

    /// The name that the file gives a key.
    func original(of key: String) -> String { originals[key] ?? key }

    /// Renames the key at a position. `false` where that cannot be done.
    mutating func mask(_ key: String, at position: SourcePosition) -> Bool {
        var scalars = Array(text.unicodeScalars)
        guard originals.count < Self.maximumMasks, let range = Self.range(of: key, at: position, in: scalars),
            let replacement = Unicode.Scalar(0xF0000 + UInt32(originals.count))
        else { return false }
        let name = Array(repeating: replacement, count: range.count)
        scalars.replaceSubrange(range, with: name)
        text = String(String.UnicodeScalarView(scalars))
        originals[String(String.UnicodeScalarView(name))] = original(of: key)
        return true
    }

    private static func range(of key: String, at position: SourcePosition, in scalars: [Unicode.Scalar]) -> Range<Int>?
    {
        guard var start = index(of: position, in: scalars), start < scalars.count else { return nil }
        var end = start
        let quote = scalars[start]
        if quote == "\"" || quote == "'" {
            start += 1
            end = start
            while end < scalars.count, scalars[end] != quote {
                end += quote == "\"" && scalars[end] == "\\" ? 2 : 1
            }
            guard end < scalars.count else { return nil }
        } else {
            let word = Array(key.unicodeScalars)
            end += word.count
            guard end <= scalars.count, Array(scalars[start..<end]) == word else { return nil }
        }
        return start < end ? start..<end : nil
    }

    private static func index(of position: SourcePosition, in scalars: [Unicode.Scalar]) -> Int? {
        var line = 1
        var index = 0
        while line < position.line, index < scalars.count {
            if YAMLSubset.isBreak(scalars[index]),
                !(scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n")
            {
                line += 1
            }
            index += 1
        }
        return line == position.line ? index + position.column - 1 : nil
    }
}
