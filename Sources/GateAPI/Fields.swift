/// Field and value pairs in wire order: one stream entry, or one hash as read from Redis.
///
/// All pairs of a batch share one byte buffer, so taking an entry's fields costs no copy.
public struct Fields: Sendable {
    /// Where one pair lies in the shared buffer.
    public struct Position: Sendable, Hashable {
        public var name: Range<Int>
        public var value: Range<Int>

        public init(name: Range<Int>, value: Range<Int>) {
            self.name = name
            self.value = value
        }
    }

    public let buffer: [UInt8]
    public let positions: ArraySlice<Position>

    /// The caller vouches that every position lies within `buffer`; a pair that does not reads as empty.
    public init(buffer: [UInt8], positions: ArraySlice<Position>) {
        self.buffer = buffer
        self.positions = positions
    }

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

    public var count: Int { positions.count }

    /// Bytes of names and values together.
    public var byteCount: Int {
        positions.reduce(0) { $0 + $1.name.count + $1.value.count }
    }

    /// The value of the first field of that name, as text; `nil` where there is none. Invalid UTF-8 is repaired with
    /// U+FFFD.
    public subscript(name: StaticString) -> String? {
        range(of: name).map(text)
    }

    /// The same for a name that is known at run time only.
    public subscript(named name: String) -> String? {
        for position in positions where bytes(position.name).elementsEqual(name.utf8) { return text(position.value) }
        return nil
    }

    /// Where the value of the first field of that name lies in ``buffer``.
    public func range(of name: StaticString) -> Range<Int>? {
        for position in positions where matches(position.name, name) { return position.value }
        return nil
    }

    public func text(_ range: Range<Int>) -> String {
        String(decoding: bytes(range), as: UTF8.self)
    }

    public func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> {
        range.upperBound <= buffer.count && range.lowerBound >= 0 ? buffer[range] : []
    }

    private func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
        range.count == name.utf8CodeUnitCount && reading(range) { $0.spells(name) }
    }

    /// Lends the bytes of a range; none where it does not lie within ``buffer``.
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
    public var pairs: [(name: String, value: String)] {
        positions.map { (text($0.name), text($0.value)) }
    }
}

extension Fields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}

extension Fields {
    /// The decimal in a field.
    public func amount(_ name: StaticString) -> Reading<Amount> {
        amount(in: range(of: name))
    }

    func amount(in range: Range<Int>?) -> Reading<Amount> {
        guard let range, !range.isEmpty else { return .absent }
        return reading(range) { bytes in
            do throws(AmountError) {
                return .value(try Amount(ascii: bytes))
            } catch .nonFinite {
                return .nonFinite
            } catch {
                return .malformed
            }
        }
    }

    /// The boolean in a field: `true` or `false` in any case, `1` or `0`.
    public func flag(_ name: StaticString) -> Reading<Bool> {
        flag(in: range(of: name))
    }

    func flag(in range: Range<Int>?) -> Reading<Bool> {
        guard let range, !range.isEmpty else { return .absent }
        if reading(range, { $0.spells("false") }) { return .value(false) }
        if reading(range, { $0.spells("true") }) { return .value(true) }
        return switch text(range).lowercased() {
        case "true", "1": .value(true)
        case "false", "0": .value(false)
        default: .malformed
        }
    }
}

/// What a field that may be missing or wrong says.
public enum Reading<Value: Sendable>: Sendable {
    case value(Value)
    /// No such field, or an empty one.
    case absent
    case malformed
    /// A number, but `nan` or `inf`.
    case nonFinite

    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// Why there is no value: what was given was bad, or (`absent`) nothing was given.
    public func abstainReason(absent: AbstainReason) -> AbstainReason {
        switch self {
        case .value, .absent: absent
        case .malformed: .inputMalformed
        case .nonFinite: .inputNonFinite
        }
    }
}

extension Reading: Equatable where Value: Equatable {}

extension Span<UInt8> {
    /// Whether the bytes are just these.
    @inline(__always)
    package func spells(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let expected = word.utf8Start
        for index in indices where self[unchecked: index] != expected[index] { return false }
        return true
    }
}
