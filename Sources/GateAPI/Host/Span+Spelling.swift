extension Span<UInt8> {
    /// Whether the bytes are exactly those of the word.
    @inline(__always)
    package func spells(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let expected = word.utf8Start
        for index in indices where self[unchecked: index] != expected[index] { return false }
        return true
    }

    /// Whether the bytes are those of a word of lower-case ASCII letters, in any case.
    func spells(anyCase word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let expected = word.utf8Start
        for index in indices {
            let byte = self[unchecked: index]
            guard byte == expected[index] || byte == expected[index] &- 0x20 else { return false }
        }
        return true
    }
}
