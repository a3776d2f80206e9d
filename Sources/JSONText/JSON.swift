package import Bytes
import Platform

/// Writes JSON string literals byte for byte as Python's `json.dumps` does: readers of the streams compare with that. But
/// people read JSON too: characters that are not visible are escaped in both forms.
package enum JSON {
    /// Appends `string` as a JSON literal with its quotes; `asciiOnly` is `ensure_ascii`: all beyond ASCII becomes `\u`
    /// and four digits.
    package static func write(string: String, to output: inout [UInt8], asciiOnly: Bool = false) {
        write(utf8: string.utf8, to: &output, asciiOnly: asciiOnly)
    }

    /// The same for bytes that should be UTF-8: each maximal ill-formed part of a character is written as U+FFFD.
    package static func write(utf8 bytes: some Collection<UInt8>, to output: inout [UInt8], asciiOnly: Bool = false) {
        output.append(UInt8(ascii: "\""))
        let written: Void? = bytes.withContiguousStorageIfAvailable {
            escape($0.span, to: &output, asciiOnly: asciiOnly)
        }
        if written == nil {
            escape(Array(bytes).span, to: &output, asciiOnly: asciiOnly)
        }
        output.append(UInt8(ascii: "\""))
    }

    /// The same into a writer. Text that needs no escape, which is nearly all, is copied whole.
    package static func write(
        utf8 text: UnsafeBufferPointer<UInt8>, to output: inout ByteWriter, asciiOnly: Bool = false
    ) {
        if isPlain(text) {
            let start = output.reserve(text.count + 2)
            start[0] = UInt8(ascii: "\"")
            if let source = text.baseAddress { (start + 1).update(from: source, count: text.count) }
            start[text.count + 1] = UInt8(ascii: "\"")
            output.advance(by: text.count + 2)
        } else {
            var escaped: [UInt8] = []
            write(utf8: text, to: &escaped, asciiOnly: asciiOnly)
            output.append(escaped)
        }
    }

    package static func write(string: String, to output: inout ByteWriter, asciiOnly: Bool = false) {
        var string = string
        string.withUTF8 { write(utf8: $0, to: &output, asciiOnly: asciiOnly) }
    }

    /// Whether the text stands in a literal as it is, in either form: printable ASCII but quotes and backslashes. Looks
    /// at eight bytes at once.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        /// A byte's top bit is set if the byte is zero. Above the lowest zero byte it may also be set by a borrow.
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & tops }
        let raw = UnsafeRawBufferPointer(text)
        var offset = 0
        while offset &+ 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let control = (word &- ones &* 0x20) & ~word & tops
            let special = zeros(word ^ (ones &* 0x22)) | zeros(word ^ (ones &* 0x5C)) | zeros(word ^ (ones &* 0x7F))
            if (word & tops) | control | special != 0 { return false }
            offset &+= 8
        }
        while offset < raw.count {
            guard isPlain(raw[offset]) else { return false }
            offset &+= 1
        }
        return true
    }

    /// Appends the escape sequence of one ASCII character that cannot stand in a literal as it is.
    package static func escape(ascii byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
        case 0x08: output.append(contentsOf: #"\b"#.utf8)
        case 0x09: output.append(contentsOf: #"\t"#.utf8)
        case 0x0A: output.append(contentsOf: #"\n"#.utf8)
        case 0x0C: output.append(contentsOf: #"\f"#.utf8)
        case 0x0D: output.append(contentsOf: #"\r"#.utf8)
        default: escape(codeUnit: UInt16(byte), to: &output)
        }
    }

    package static func escape(codeUnit: UInt16, to output: inout [UInt8]) {
        output.append(contentsOf: #"\u"#.utf8)
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: codeUnit >> shift) & 0xF
            output.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ (digit &- 10))
        }
    }

    private static func escape(_ bytes: Span<UInt8>, to output: inout [UInt8], asciiOnly: Bool) {
        // Bytes from `pending` up to `index` need no escape; they are appended together at the next byte that does.
        var pending = 0
        var index = 0
        func flush() {
            guard pending < index else { return }
            bytes.extracting(pending..<index).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        }
        while index < bytes.count {
            let byte = bytes[index]
            if isPlain(byte) {
                index += 1
                continue
            }
            guard byte >= 0x80 else {
                flush()
                escape(ascii: byte, to: &output)
                index += 1
                pending = index
                continue
            }
            let sequence = UTF8Sequence(in: bytes, at: index)
            if let scalar = sequence.scalar, !asciiOnly, scalar.isVisible {
                index += sequence.length
                continue
            }
            flush()
            if sequence.scalar == nil, !asciiOnly {
                output.append(contentsOf: UTF8.encodedReplacementCharacter)
            } else {
                escape(scalar: sequence.scalar ?? "\u{FFFD}", to: &output)
            }
            index += sequence.length
            pending = index
        }
        flush()
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Appends the escape sequences of a character beyond ASCII.
    package static func escape(scalar: Unicode.Scalar, to output: inout [UInt8]) {
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
            escape(codeUnit: unit, to: &output)
        }
    }
}
