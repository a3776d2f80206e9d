/// The character, or the maximal ill-formed part of one, that starts at a position in bytes that should be UTF-8.
struct UTF8Sequence {
    /// `nil`: ill-formed, to be replaced by U+FFFD.
    let scalar: Unicode.Scalar?
    /// Its length in bytes, at least one.
    let length: Int

    /// `index` is the position of a byte in `bytes`.
    init(in bytes: Span<UInt8>, at index: Int) {
        let lead = bytes[index]
        guard lead >= 0x80 else {
            self.init(scalar: Unicode.Scalar(lead), length: 1)
            return
        }
        guard let (continuations, second) = Self.expectation(after: lead) else {
            self.init(scalar: nil, length: 1)
            return
        }
        var value = UInt32(lead) & (0x3F >> UInt32(continuations))
        for offset in 1...continuations {
            guard index + offset < bytes.count else {
                self.init(scalar: nil, length: offset)
                return
            }
            let byte = bytes[index + offset]
            guard (offset == 1 ? second : 0x80...0xBF).contains(byte) else {
                self.init(scalar: nil, length: offset)
                return
            }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        self.init(scalar: Unicode.Scalar(value), length: continuations + 1)
    }

    private init(scalar: Unicode.Scalar?, length: Int) {
        self.scalar = scalar
        self.length = length
    }

    /// The number of bytes after a lead byte, and the range of the first of them. The range excludes overlong forms,
    /// surrogates and values beyond U+10FFFF (Unicode, table 3-7).
    private static func expectation(after lead: UInt8) -> (continuations: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xC2...0xDF: (1, 0x80...0xBF)
        case 0xE0: (2, 0xA0...0xBF)
        case 0xED: (2, 0x80...0x9F)
        case 0xE1...0xEF: (2, 0x80...0xBF)
        case 0xF0: (3, 0x90...0xBF)
        case 0xF1...0xF3: (3, 0x80...0xBF)
        case 0xF4: (3, 0x80...0x8F)
        default: nil
        }
    }
}
