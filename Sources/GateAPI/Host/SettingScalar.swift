/// A scalar of the configuration file.
package struct SettingScalar: Sendable, Equatable {
    package let text: String
    /// A quoted scalar is text, never a number or a boolean.
    package let isQuoted: Bool

    package init(text: String, isQuoted: Bool = false) {
        self.text = text
        self.isQuoted = isQuoted
    }

    /// The longest text that a message repeats, in characters.
    static let shownCharacters = 60

    /// The scalar as a message shows it: in the quotes of the file, on one line, cut if it is long, without the
    /// credentials of a URL.
    package var shown: String {
        let quote = isQuoted ? "\"" : "'"
        let text = withoutCredentials
        let cut = text.prefix(Self.shownCharacters)
        let line = cut.unicodeScalars.map {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || (0x2028...0x2029).contains($0.value)
                ? "\u{FFFD}" : $0
        }
        return quote + String(String.UnicodeScalarView(line)) + (cut.endIndex == text.endIndex ? "" : "…") + quote
    }

    private var withoutCredentials: Substring {
        guard let scheme = text.firstRange(of: "://"), let at = text.lastIndex(of: "@"), scheme.upperBound <= at else {
            return text[...]
        }
        return text[..<scheme.upperBound] + "***" + text[at...]
    }
}
