/// Named observed values and limits behind a verdict: `evidence.add("budget_usd", budget)`.
///
/// The items are held inline and written in place: a passing gate allocates and copies nothing. The eleventh
/// item and later ones are dropped.
public struct Evidence: Sendable {
    package struct Item: Sendable {
        package let name: String
        package let value: Amount
    }

    @usableFromInline package static let capacity = 10
    @usableFromInline var names: InlineArray<10, Literal>
    /// Amounts. An item in ``texts`` has the address of a literal in its place.
    @usableFromInline var values: InlineArray<10, Amount>
    /// The items that are texts, one bit each.
    @usableFromInline var texts: UInt16
    @usableFromInline var length: Int
    /// The notes that the host counts in metrics.
    @usableFromInline package private(set) var notes: Notes

    package var count: Int { length }

    @inlinable
    public init() {
        names = InlineArray(repeating: Literal())
        values = InlineArray(repeating: .zero)
        texts = 0
        length = 0
        notes = []
    }

    package subscript(index: Int) -> Item {
        Item(name: String(decoding: name(index), as: UTF8.self), value: value(index))
    }

    /// Adds one value under a name such as `budget_usd`.
    @inlinable
    public mutating func add(_ name: StaticString, _ value: Amount) {
        guard length < Self.capacity else { return }
        names[length] = Literal(name)
        values[length] = value
        length &+= 1
    }

    /// Adds one word under a name: `evidence.add("position", "assumed_flat")`. Lower-case letters and `_` only.
    @inlinable
    public mutating func add(_ name: StaticString, _ text: StaticString) {
        guard length < Self.capacity else { return }
        texts |= 1 << UInt16(truncatingIfNeeded: length)
        add(name, Literal(text).address)
    }

    @inlinable
    mutating func removeAll() {
        texts = 0
        length = 0
        notes = []
    }

    /// The first value of that name.
    public func value(_ name: String) -> Amount? {
        index(of: name).map(value)
    }

    /// The first word of that name.
    public func text(_ name: String) -> String? {
        guard let index = index(of: name), case .text(let bytes) = content(index) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Evidence {
    package func name(_ index: Int) -> UnsafeBufferPointer<UInt8> { names[index].bytes }

    /// The amount of an item, zero for a text.
    package func value(_ index: Int) -> Amount { isText(index) ? .zero : values[index] }

    /// Facts that the host counts in metrics besides verdicts.
    @usableFromInline
    package struct Notes: OptionSet, Sendable {
        @usableFromInline package let rawValue: UInt8

        @usableFromInline
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// No mark price confirms the plan's price.
        package static let unverifiedPrice = Notes(rawValue: 1)
        /// The plan's price lies outside the collar around the mark price.
        package static let collaredPrice = Notes(rawValue: 2)
    }

    /// Adds one value that the host counts.
    package mutating func add(_ note: Notes, _ name: StaticString, _ value: Amount) {
        notes.formUnion(note)
        add(name, value)
    }

    package enum Content {
        case amount(Amount)
        /// A literal's bytes.
        case text(UnsafeBufferPointer<UInt8>)
    }

    package func content(_ index: Int) -> Content {
        isText(index) ? .text(Literal(at: values[index]).bytes) : .amount(values[index])
    }

    private func isText(_ index: Int) -> Bool { texts & 1 << UInt16(truncatingIfNeeded: index) != 0 }

    private func index(of name: String) -> Int? {
        (0..<count).first { self.name($0).elementsEqual(name.utf8) }
    }
}
