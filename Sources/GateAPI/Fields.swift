/// Pairs of field and value in wire order: one stream entry, or one record as a producer wrote it.
///
/// All entries of a batch share one byte buffer, so the fields of an entry are no copy.
public struct Fields: Sendable {
    /// The place of one pair in the shared buffer.
    package struct Position: Sendable, Hashable {
        package var name: Range<Int>
        package var value: Range<Int>

        package init(name: Range<Int>, value: Range<Int>) {
            self.name = name
            self.value = value
        }
    }

    package let buffer: [UInt8]
    package let positions: ArraySlice<Position>

    /// A name or value outside `buffer` reads as empty.
    package init(buffer: [UInt8], positions: ArraySlice<Position>) {
        self.buffer = buffer
        self.positions = positions
    }

    /// For tests and tools: fields from text.
    public init(_ pairs: [(name: String, value: String)]) {
        var buffer: [UInt8] = []
        var positions: [Position] = []
        func append(_ text: String) -> Range<Int> {
            let start = buffer.count
            buffer.append(contentsOf: text.utf8)
            return start..<buffer.count
        }
        for pair in pairs {
            let name = append(pair.name)
            positions.append(Position(name: name, value: append(pair.value)))
        }
        self.init(buffer: buffer, positions: positions[...])
    }

    package var count: Int { positions.count }

    /// The size of all names and values, in bytes.
    package var byteCount: Int {
        positions.reduce(0) { $0 + $1.name.count + $1.value.count }
    }

    /// The text of the first field of that name, `nil` if there is none. Invalid UTF-8 is repaired with U+FFFD.
    public subscript(name: StaticString) -> String? {
        range(of: name).map(text)
    }

    /// The same for a name that is known only at run time.
    package subscript(named name: String) -> String? {
        for position in positions where bytes(position.name).elementsEqual(name.utf8) { return text(position.value) }
        return nil
    }

    /// The range in ``buffer`` of the first value of that name.
    package func range(of name: StaticString) -> Range<Int>? {
        for position in positions where matches(position.name, name) { return position.value }
        return nil
    }

    package func text(_ range: Range<Int>) -> String {
        String(decoding: bytes(range), as: UTF8.self)
    }

    package func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> {
        range.upperBound <= buffer.count && range.lowerBound >= 0 ? buffer[range] : []
    }

    private func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
        range.count == name.utf8CodeUnitCount && reading(range) { $0.spells(name) }
    }

    /// Lends the bytes of a range, none if the range exceeds ``buffer``.
    @inline(__always)
    package func reading<Result>(_ range: Range<Int>, _ body: (Span<UInt8>) -> Result) -> Result {
        body(buffer.span.extracting(range.upperBound <= buffer.count && range.lowerBound >= 0 ? range : 0..<0))
    }

    /// Lends every pair's bytes, in wire order.
    @inline(__always)
    package func withEachPair(
        _ body: (_ isFirst: Bool, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void
    ) {
        buffer.withUnsafeBufferPointer { bytes in
            func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
                UnsafeBufferPointer(
                    rebasing: bytes[range.upperBound <= bytes.count && range.lowerBound >= 0 ? range : 0..<0])
            }
            positions.withUnsafeBufferPointer { positions in
                for index in positions.indices {
                    body(index == 0, slice(positions[index].name), slice(positions[index].value))
                }
            }
        }
    }

    /// Every pair as text, in wire order.
    package var pairs: [(name: String, value: String)] {
        positions.map { (text($0.name), text($0.value)) }
    }
}

extension Fields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}
