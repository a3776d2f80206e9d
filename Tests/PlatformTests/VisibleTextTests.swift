import Platform
import Testing

@Suite("Visible text")
struct VisibleTextTests {
    @Test("shows U+FFFD for controls, separators, direction marks and what has no width")
    func replaced() {
        let hidden =
            "\u{0}\t\n\u{1B}\u{7F}\u{80}\u{9F}\u{AD}\u{200B}\u{2028}\u{2029}\u{202E}\u{2066}\u{3164}\u{FEFF}\u{E0001}"
        for scalar in hidden.unicodeScalars {
            #expect("a\(scalar)b".visible == "a\u{FFFD}b", "\(scalar.value)")
            #expect("a\(scalar)b".visibleLines == (scalar == "\n" ? "a\nb" : "a\u{FFFD}b"))
        }
        #expect("a\r\nb".visibleLines == "a\u{FFFD}\nb")
    }

    @Test("keeps everything else", arguments: ["", "plain text ~", "é 币安 🚀 \u{A0}", "\u{FFFD}", "e\u{301}"])
    func kept(text: String) {
        #expect(Array(text.visible.unicodeScalars) == Array(text.unicodeScalars))
    }
}
