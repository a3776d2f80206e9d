/// The proposed action, from the plan's `action` field.
public enum Action: Sendable, Hashable {
    case fullClose
    case partialClose
    case updateStop
    case hold
    case open
    /// No action field: side and quantity alone define the intent.
    case none
    case other(String)

    package init(_ text: String) {
        self.init(utf8: Array(text.utf8).span)
    }

    package init(utf8 bytes: Span<UInt8>) {
        if bytes.spells("ENTRY_PROPOSED") {
            self = .open
        } else if bytes.spells("FULL_CLOSE_PROPOSED") {
            self = .fullClose
        } else {
            self.init(anyCase: bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
    }

    private init(anyCase text: String) {
        // Only ASCII letters have two cases here: `ſ` is no `S`.
        switch String(String.UnicodeScalarView(text.unicodeScalars.map(\.asciiUppercased))) {
        case "": self = .none
        case "FULL_CLOSE_PROPOSED", "FULL_CLOSE": self = .fullClose
        case "UPDATE_SL": self = .updateStop
        case "HOLD": self = .hold
        case "ENTRY_PROPOSED", "OPEN_PROPOSED": self = .open
        case let name where name.hasPrefix("PARTIAL_"): self = .partialClose
        default: self = .other(text)
        }
    }

    /// The action that a name spells with other separators; `nil` if none.
    static func nearest(to name: String) -> String? {
        let letters = letters(of: name)
        return known.first { $0.letters == letters }?.name ?? (letters.hasPrefix("PARTIAL") ? "PARTIAL_25" : nil)
    }

    private static let known = [
        "FULL_CLOSE_PROPOSED", "FULL_CLOSE", "UPDATE_SL", "HOLD", "ENTRY_PROPOSED", "OPEN_PROPOSED",
    ].map { (name: $0, letters: letters(of: $0)) }

    private static func letters(of name: String) -> String {
        let upper = name.unicodeScalars.map(\.asciiUppercased)
        return String(String.UnicodeScalarView(upper.filter { $0.value >= 0x41 && $0.value <= 0x5A }))
    }

    @inlinable public var isClose: Bool { self == .fullClose || self == .partialClose }
}

extension Unicode.Scalar {
    var asciiUppercased: Unicode.Scalar {
        value >= 0x61 && value <= 0x7A ? Unicode.Scalar(UInt8(value) - 0x20) : self
    }
}
