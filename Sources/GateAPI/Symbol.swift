/// A traded instrument as the exchange names it, such as `BTCUSDT`.
///
/// The name is upper-cased (ASCII): `btcusdt` has the same records and limits as `BTCUSDT`.
public struct Symbol: Sendable, Hashable, CustomStringConvertible {
    /// A hash of the name, computed once, because symbols are looked up for every intent. It comes before the name, so
    /// that a comparison of symbols starts with it.
    private let digest: UInt64
    public let name: String

    /// The longest name accepted, in bytes.
    package static let maximumLength = 64

    /// `nil` if the name is empty, longer than 64 bytes, or has blanks, invisible characters or invalid UTF-8.
    public init?(_ name: String) {
        guard !name.isEmpty, name.utf8.count <= Self.maximumLength else { return nil }
        var upper = false
        for scalar in name.unicodeScalars {
            guard scalar.isNameable else { return nil }
            upper = upper || (scalar.value >= 0x61 && scalar.value <= 0x7A)
        }
        self.init(valid: upper ? String(String.UnicodeScalarView(name.unicodeScalars.map(\.asciiUppercased))) : name)
    }

    /// A symbol from the bytes of its name. Upper-case ASCII, as the exchange writes it, takes the short way.
    package init?(utf8 bytes: Span<UInt8>) {
        var isPlain = !bytes.isEmpty && bytes.count <= Self.maximumLength
        for index in bytes.indices {
            let byte = bytes[unchecked: index]
            isPlain = isPlain && byte > 0x20 && byte < 0x7F && !(byte >= 0x61 && byte <= 0x7A)
        }
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        if isPlain { self.init(valid: text) } else { self.init(text) }
    }

    /// The longest name of a source, in bytes.
    package static let maximumSourceLength = 128

    /// The source of a plan in the place of a symbol: the name of records that are kept per source. It is spelled as the
    /// plan spells it, without blanks at its ends. `nil` if it is empty or longer than 128 bytes.
    package init?(source bytes: Span<UInt8>) {
        guard bytes.count <= Self.maximumSourceLength else { return nil }
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = bytes.indices.first(where: { !isBlank(bytes[$0]) }),
            let last = bytes.indices.last(where: { !isBlank(bytes[$0]) })
        else { return nil }
        let name = bytes.extracting(first..<last + 1)
        self.init(valid: name.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    }

    private init(valid name: String) {
        self.name = name
        digest = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
    }

    public var description: String { name }
}
