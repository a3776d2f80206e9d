/// A traded instrument as the exchange names it, such as `BTCUSDT`.
///
/// Upper-cased (ASCII) on the way in, so that `btcusdt` meets the same records and limits as `BTCUSDT`.
public struct Symbol: Sendable, Hashable, CustomStringConvertible {
    public let name: String

    /// The longest name accepted, in bytes.
    public static let maximumLength = 64

    /// `nil` where the name is empty, longer than ``maximumLength``, or holds blanks, control characters or invalid UTF-8.
    public init?(_ name: String) {
        guard !name.isEmpty, name.utf8.count <= Self.maximumLength else { return nil }
        var upper = false
        for scalar in name.unicodeScalars {
            guard scalar.value > 0x20, scalar.value != 0x7F, scalar != "\u{FFFD}", !scalar.properties.isWhitespace else { return nil }
            upper = upper || (scalar.value >= 0x61 && scalar.value <= 0x7A)
        }
        self.name = upper ? String(String.UnicodeScalarView(name.unicodeScalars.map(Self.uppercased))) : name
    }

    private static func uppercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.value >= 0x61 && scalar.value <= 0x7A ? Unicode.Scalar(UInt8(scalar.value) - 0x20) : scalar
    }

    public var description: String { name }
}
