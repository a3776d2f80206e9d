/// Named observed values and limits behind a verdict: `evidence.add("budget_usd", budget)`.
///
/// Held inline and written in place, so that a passing gate allocates and copies nothing. Items beyond ``capacity`` are
/// dropped.
public struct Evidence: Sendable {
    public struct Item: Sendable {
        public let name: String
        public let value: Amount
    }

    public static let capacity = 8
    @usableFromInline var names: InlineArray<8, Name>
    @usableFromInline var values: InlineArray<8, Amount>
    @usableFromInline var length: Int

    public var count: Int { length }

    /// A literal's bytes, which end with a zero. A third as large as a `StaticString`: every decision holds evidence of
    /// every gate.
    // Only the pointer is unchecked, and it points to a literal, which never moves, changes or goes.
    @usableFromInline struct Name: @unchecked Sendable {
        @usableFromInline let start: UnsafePointer<UInt8>?

        @inlinable init(_ text: StaticString) {
            // A text made of a lone Unicode scalar has no bytes to point to.
            start = text.hasPointerRepresentation ? text.utf8Start : nil
        }

        @inlinable init() {
            start = nil
        }
    }

    @inlinable
    public init() {
        names = InlineArray(repeating: Name())
        values = InlineArray(repeating: .zero)
        length = 0
    }

    public subscript(index: Int) -> Item {
        Item(name: String(decoding: name(index), as: UTF8.self), value: values[index])
    }

    @inlinable
    public mutating func add(_ name: StaticString, _ value: Amount) {
        guard length < Self.capacity else { return }
        names[length] = Name(name)
        values[length] = value
        length &+= 1
    }

    @inlinable
    mutating func removeAll() {
        length = 0
    }

    public func value(_ name: String) -> Amount? {
        for index in 0..<count where self.name(index).elementsEqual(name.utf8) { return values[index] }
        return nil
    }

    package func name(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        guard let start = names[index].start else { return UnsafeBufferPointer(start: nil, count: 0) }
        var count = 0
        while start[count] != 0 { count &+= 1 }
        return UnsafeBufferPointer(start: start, count: count)
    }

    package func value(_ index: Int) -> Amount { values[index] }
}
