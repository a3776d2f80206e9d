/// Finds a sample in Prometheus text format.
enum ExpositionSample {
    /// The value of the first sample with exactly this name and any labels; `nil` if there is none. A longer name with
    /// the same prefix is another metric.
    static func value(of name: String, in text: String) -> Substring? {
        for line in text.split(whereSeparator: \.isNewline) {
            guard line.hasPrefix(name) else { continue }
            var rest = line.dropFirst(name.count)
            if rest.first == "{" {
                guard let end = endOfLabels(rest) else { continue }
                rest = rest[end...]
            } else if rest.first.map(isBlank) != true {
                continue
            }
            return rest.split(whereSeparator: isBlank).first
        }
        return nil
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// The index after the closing brace. Braces in quoted values do not count.
    private static func endOfLabels(_ text: Substring) -> Substring.Index? {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "}" where !isQuoted: return text.index(after: index)
            default: break
            }
        }
        return nil
    }
}
