/// A buffer that commands and JSON are written into on the hot path. `removeAll` keeps its memory.
///
/// An `[UInt8]` checks on every append whether it is shared and whether it must grow. A `ByteWriter` is never shared,
/// and its user reserves room once for several appends.
package struct ByteWriter: ~Copyable {
    /// Safe: allocated and freed by this value alone, which cannot be copied; `count` bytes are initialised, `capacity`
    /// allocated.
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        base = .allocate(capacity: self.capacity)
    }

    deinit {
        base.deallocate()
    }

    package var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base, count: count)
    }

    package mutating func removeAll() {
        count = 0
    }

    package mutating func removeLast(_ number: Int) {
        count -= min(number, count)
    }

    /// Room for `number` more bytes, valid until the next call. Call `advance` after writing there.
    @inline(__always)
    package mutating func reserve(_ number: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity &- count < number { grow(by: number) }
        return base + count
    }

    /// Adds bytes written to the room from `reserve` to the count.
    @inline(__always)
    package mutating func advance(by number: Int) {
        count &+= number
    }

    @inline(never)
    private mutating func grow(by number: Int) {
        let larger = max(capacity * 2, count + number)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        count &+= 1
    }

    @inline(__always)
    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count).update(from: start, count: bytes.count)
        count &+= bytes.count
    }

    @inline(__always)
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        append(bytes.assumingMemoryBound(to: UInt8.self))
    }

    @inline(__always)
    package mutating func append(_ text: StaticString) {
        guard text.hasPointerRepresentation else { return append(text.description) }
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    @inline(__always)
    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    /// The number in decimal digits.
    package mutating func append(decimal number: Int) {
        let start = reserve(Self.maximumDecimalBytes)
        count &+= Self.write(decimal: number, to: start)
    }

    /// The same for numbers beyond those of `Int`, such as the halves of stream entries' ids.
    package mutating func append(decimal number: UInt64) {
        let start = reserve(Self.maximumDecimalBytes)
        count &+= Self.write(magnitude: UInt(number), isNegative: false, to: start)
    }

    /// Replaces written bytes by others, and moves the bytes after them if the lengths differ.
    package mutating func replace(_ range: Range<Int>, with bytes: UnsafeBufferPointer<UInt8>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "only bytes that are there can be replaced")
        let difference = bytes.count - range.count
        if difference != 0 {
            _ = reserve(max(difference, 0))
            let tail = base + range.upperBound
            (tail + difference).update(from: tail, count: count - range.upperBound)
            count += difference
        }
        guard let start = bytes.baseAddress else { return }
        (base + range.lowerBound).update(from: start, count: bytes.count)
    }

    /// The longest `Int` or `UInt64` in decimal: 19 digits and a sign, or 20 digits.
    package static let maximumDecimalBytes = 20

    /// Writes a number as decimal ASCII; `start` must have room for `maximumDecimalBytes`. Returns how many bytes it
    /// took.
    package static func write(decimal number: Int, to start: UnsafeMutablePointer<UInt8>) -> Int {
        write(magnitude: number.magnitude, isNegative: number < 0, to: start)
    }

    private static func write(magnitude: UInt, isNegative: Bool, to start: UnsafeMutablePointer<UInt8>) -> Int {
        var magnitude = magnitude
        var length = isNegative ? 2 : 1
        var rest = magnitude / 10
        while rest > 0 {
            length &+= 1
            rest /= 10
        }
        var position = length
        repeat {
            position &-= 1
            let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            start[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
            magnitude = quotient
        } while magnitude > 0
        if isNegative { start[0] = UInt8(ascii: "-") }
        return length
    }
}
