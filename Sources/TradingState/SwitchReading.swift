package import GateAPI

/// A kill switch as its key says it. An ambiguous stop stops: only no key, an empty text, `0`, `false`, `off` and `no`, in
/// any case and between blanks, let trading run.
package enum SwitchReading: Sendable {
    case off
    /// `1`, `true`, `on` or `yes`, in any case and between blanks.
    case on
    /// Any other text: perhaps a reason, perhaps a slip.
    case unclear
    /// The key holds no string.
    case anotherType

    package init(_ fields: Fields) {
        guard let text = fields["value"] else {
            self = .anotherType
            return
        }
        switch text.trimmingBlanks.lowercased() {
        case "", "0", "false", "off", "no": self = .off
        case "1", "true", "on", "yes": self = .on
        default: self = .unclear
        }
    }
}

extension String {
    /// The text without blanks and line ends (ASCII) at its ends.
    package var trimmingBlanks: Substring {
        var bytes = utf8[...]
        while let first = bytes.first, first.isBlank { bytes.removeFirst() }
        while let last = bytes.last, last.isBlank { bytes.removeLast() }
        return Substring(bytes)
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
