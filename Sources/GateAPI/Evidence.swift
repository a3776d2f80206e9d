/// Named observed values and limits behind a verdict: `["budget_usd": budget, "position_notional": notional]`.
///
/// Held inline, so that a passing gate allocates nothing. Items beyond ``capacity`` are dropped.
public struct Evidence: Sendable {
    public struct Item: Sendable {
        public let name: StaticString
        public let value: Amount

        public init(name: StaticString, value: Amount) {
            self.name = name
            self.value = value
        }
    }

    public static let capacity = 8
    private var items = InlineArray<8, Item>(repeating: Item(name: "", value: .zero))
    public private(set) var count = 0

    public init() {}

    public subscript(index: Int) -> Item { items[index] }

    public mutating func add(_ name: StaticString, _ value: Amount) {
        guard count < Self.capacity else { return }
        items[count] = Item(name: name, value: value)
        count += 1
    }

    public func value(_ name: String) -> Amount? {
        for index in 0..<count where items[index].name.description == name { return items[index].value }
        return nil
    }
}

extension Evidence: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (StaticString, Amount)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}
