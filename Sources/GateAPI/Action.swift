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
        switch text.uppercased() {
        case "": self = .none
        case "FULL_CLOSE_PROPOSED", "FULL_CLOSE": self = .fullClose
        case "UPDATE_SL": self = .updateStop
        case "HOLD": self = .hold
        case "ENTRY_PROPOSED", "OPEN_PROPOSED": self = .open
        case let name where name.hasPrefix("PARTIAL_"): self = .partialClose
        default: self = .other(text)
        }
    }

    @inlinable public var isClose: Bool { self == .fullClose || self == .partialClose }
}
