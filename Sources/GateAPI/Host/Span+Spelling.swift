extension Span<UInt8> {
    /// Whether the bytes are exactly those of the word.
    @inline(__always)
    package func spells(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let expected = word.utf8Start
        for index in indices where self[unchecked: index] != expected[index] { return false }
        return true
    }
}
