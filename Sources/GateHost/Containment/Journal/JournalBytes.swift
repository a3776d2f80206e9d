/// The bytes of a journal, by offsets of ``JournalLayout``.
struct JournalBytes {
    let start: UnsafeMutableRawPointer

    func word(at offset: Int) -> UInt64 { start.load(fromByteOffset: offset, as: UInt64.self) }

    func store(_ word: UInt64, at offset: Int) {
        start.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
    }

    /// The text in `byteCount` bytes, up to the first zero; `nil` if it is empty.
    func text(at offset: Int, _ byteCount: Int) -> String? {
        let bytes = UnsafeRawBufferPointer(start: start + offset, count: byteCount).prefix { $0 != 0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Stores as much of the text as fits before a final zero. The bytes must be zero.
    func store(_ text: String, at offset: Int, _ byteCount: Int) {
        for (index, byte) in text.utf8.prefix(byteCount - 1).enumerated() {
            start.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
        }
    }

    func clear(at offset: Int, _ byteCount: Int) {
        (start + offset).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }
}
