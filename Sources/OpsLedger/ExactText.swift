// `String` compares by canonical equivalence and by whole characters. A ledger is compared by its bytes.

extension StringProtocol {
    func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    func starts(exactlyWith prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}

extension Substring {
    /// The dropped bytes must be ASCII.
    func dropFirstBytes(_ count: Int) -> Substring { Substring(utf8.dropFirst(count)) }
}

/// Splits at line feeds alone. `Character` would join a line feed with a carriage return before it.
func splitLines(_ text: String) -> [Substring] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
}
