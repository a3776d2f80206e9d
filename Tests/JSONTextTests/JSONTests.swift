import Foundation
import JSONText
import SeededRandom
import Testing

@Suite("A JSON string")
struct JSONTests {
    private func written(_ text: String, asciiOnly: Bool = false) -> String {
        var output: [UInt8] = []
        JSON.write(string: text, to: &output, asciiOnly: asciiOnly)
        return String(decoding: output, as: UTF8.self)
    }

    // The output of Python 3.11's json.dumps(text, ensure_ascii=False) and json.dumps(text), but that what is not visible
    // is escaped in both.
    @Test(
        "is what json.dumps writes",
        arguments: [
            ("", #""""#, #""""#),
            (
                "plain text, with spaces / and slashes", #""plain text, with spaces / and slashes""#,
                #""plain text, with spaces / and slashes""#
            ),
            (#"quote " backslash \"#, #""quote \" backslash \\""#, #""quote \" backslash \\""#),
            ("\u{8}\t\n\u{C}\r\r\n", #""\b\t\n\f\r\r\n""#, #""\b\t\n\f\r\r\n""#),
            ("\u{0}\u{1}\u{1B}\u{1F}", #""\u0000\u0001\u001b\u001f""#, #""\u0000\u0001\u001b\u001f""#),
            ("\u{7F}\u{9B}", #""\u007f\u009b""#, #""\u007f\u009b""#),
            ("é€", "\"é€\"", #""\u00e9\u20ac""#),
            ("\u{2028}\u{2029}\u{202E}\u{200B}", #""\u2028\u2029\u202e\u200b""#, #""\u2028\u2029\u202e\u200b""#),
            ("\u{E0001}\u{FFFF}", "\"\\udb40\\udc01\u{FFFF}\"", #""\udb40\udc01\uffff""#),
            ("a😀b\u{10FFFF}", "\"a😀b\u{10FFFF}\"", #""a\ud83d\ude00b\udbff\udfff""#),
        ])
    func likePython(text: String, kept: String, ascii: String) {
        #expect(written(text) == kept)
        #expect(written(text, asciiOnly: true) == ascii)
    }

    @Test(
        "has U+FFFD for each maximal ill-formed part",
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
            ([0xC3], "\u{FFFD}"),
            ([0xC3, 0x22], "\u{FFFD}\""),
            ([0xE2, 0x82], "\u{FFFD}"),
            ([0xE2, 0x82, 0x0A], "\u{FFFD}\n"),
            ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x98, 0xF0, 0x9F, 0x98, 0x80], "\u{FFFD}😀"),
            ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0x80, 0xBF], "\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func illFormed(bytes: [UInt8], meant: String) {
        for asciiOnly in [false, true] {
            var output: [UInt8] = []
            JSON.write(utf8: bytes, to: &output, asciiOnly: asciiOnly)
            #expect(String(decoding: output, as: UTF8.self) == written(meant, asciiOnly: asciiOnly))
        }
    }

    @Test("of any bytes is read by a JSON parser as those bytes with U+FFFD for what is ill-formed")
    func randomBytes() throws {
        // Leads, continuations, ASCII and escapes in a mix where well-formed and broken characters are both common.
        let alphabet: [UInt8] = [
            0x00, 0x0A, 0x1F, 0x22, 0x5C, 0x61, 0x7A, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0,
            0xE1, 0xED, 0xEF, 0xF0, 0xF1,
            0xF4, 0xF5, 0xFF,
        ]
        var random = SeededGenerator(seed: 28)
        for round in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                round % 2 == 0
                    ? UInt8.random(in: 0...255, using: &random)
                    : alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let meant = String(decoding: bytes, as: UTF8.self)
            for asciiOnly in [false, true] {
                var output: [UInt8] = []
                JSON.write(utf8: bytes, to: &output, asciiOnly: asciiOnly)
                let parsed = try JSONSerialization.jsonObject(with: Data(output), options: .fragmentsAllowed) as? String
                try #require(
                    parsed.map { Array($0.utf8) } == Array(meant.utf8), "bytes \(bytes), asciiOnly \(asciiOnly)")
                try #require(!asciiOnly || output.allSatisfy { (0x20..<0x7F).contains($0) })
            }
        }
    }

    @Test("is appended to what is there, from slices and from collections without contiguous storage")
    func collections() {
        let bytes = Array("xx\"é\"yy".utf8)
        var output = Array("[".utf8)
        JSON.write(utf8: bytes[2..<6], to: &output)
        output.append(UInt8(ascii: ","))
        JSON.write(utf8: bytes.lazy.filter { $0 < 0x80 }, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == #"["\"é\"","xx\"\"yy""#)
    }
}
