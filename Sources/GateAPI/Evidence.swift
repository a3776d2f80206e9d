/// Named observed values and limits behind a verdict: `evidence.add("budget_usd", budget)`.
///
/// The items are held inline and written in place: a passing gate allocates and copies nothing. The ninth item and
/// later ones are dropped.
public struct Evidence: Sendable {
    package struct Item: Sendable {
        package let name: String
        package let value: Amount
    }

    @usableFromInline package static let capacity = 8
    @usableFromInline var names: InlineArray<8, Name>
    @usableFromInline var values: InlineArray<8, Amount>
    @usableFromInline var length: Int

    package var count: Int { length }

    /// The bytes of a literal, up to their terminating zero. A `StaticString` is three times as large, and every
    /// decision holds the evidence of every gate.
    // Safe: the pointer points to a literal. A literal never moves, never changes and is never freed.
    @usableFromInline struct Name: @unchecked Sendable {
        @usableFromInline let start: UnsafePointer<UInt8>?

        @inlinable init(_ text: StaticString) {
            // A `StaticString` made of a lone Unicode scalar has no bytes to point to.
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

    package subscript(index: Int) -> Item {
        Item(name: String(decoding: name(index), as: UTF8.self), value: values[index])
    }

    /// Adds one value under a name such as `budget_usd`.
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

    /// The first value of that name.
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
