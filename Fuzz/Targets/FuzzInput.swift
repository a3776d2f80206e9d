/// Takes an input apart. Bytes beyond its end read as zero, so every input is complete.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(Array(bytes))
    }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func int128() -> Int128 {
        // The first byte is the number of bytes that follow, so that small numbers are as likely as large ones.
        let width = Int(byte() % 17)
        var value: UInt128 = 0
        for _ in 0..<width { value = value << 8 | UInt128(byte()) }
        let number = Int128(truncatingIfNeeded: value)
        return byte() & 1 == 0 ? number : 0 &- number
    }
}

/// `name=value` lines in sections that begin with `@name`. The corpora use this form, because people can read it and
/// mutations keep it.
struct FuzzSections {
    typealias Pair = (name: [UInt8], value: [UInt8])
    private(set) var sections: [(name: String, pairs: [Pair])] = [("", [])]

    /// More sections would only slow the run down.
    private static let maximumSections = 32

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "@"), sections.count < Self.maximumSections {
                sections.append((String(decoding: line.dropFirst(), as: UTF8.self), []))
            } else {
                let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                sections[sections.count - 1].pairs.append((Array(parts[0]), parts.count > 1 ? Array(parts[1]) : []))
            }
        }
    }

    subscript(name: String) -> [Pair] { sections.first { $0.name == name }?.pairs ?? [] }
}
