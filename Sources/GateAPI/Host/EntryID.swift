/// The id of a stream entry: milliseconds since the epoch, and a sequence number within the millisecond.
@usableFromInline
package struct EntryID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let milliseconds: UInt64
    package let sequence: UInt64

    package init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Parses `1795354847562-0`, `nil` if the text is not an entry id.
    package init?(_ text: some StringProtocol) {
        self.init(utf8: Array(text.utf8).span)
    }

    package init?(utf8 bytes: Span<UInt8>) {
        var parts: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var isSecond = false
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "-"), !isSecond, digits > 0 {
                parts.0 = parts.1
                parts.1 = 0
                digits = 0
                isSecond = true
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (shifted, overflow) = parts.1.multipliedReportingOverflow(by: 10)
            let (value, carry) = shifted.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            parts.1 = value
            digits += 1
        }
        guard isSecond, digits > 0 else { return nil }
        self.init(milliseconds: parts.0, sequence: parts.1)
    }

    @usableFromInline package static func < (left: EntryID, right: EntryID) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }

    @usableFromInline package var description: String { "\(milliseconds)-\(sequence)" }
}
