extension Inputs {
    /// Moves the focus to the symbol of the next intent.
    package mutating func focus(on symbol: Symbol) {
        guard focus != symbol else { return }
        focus = symbol
        focused = symbols[symbol] ?? RecordList()
    }

    /// For tests and tools: sets one record, or why it could not be read.
    package mutating func set(_ result: Result<any StateRecord, InputFailure>, for key: InputKey) {
        switch result {
        case .success(let record): set(.of(record), for: key)
        case .failure(let failure): set(.failed(key.record, failure), for: key)
        }
    }

    package func contains(_ key: InputKey) -> Bool {
        let type = ObjectIdentifier(key.record)
        guard let symbol = key.symbol else { return shared.contains(type) }
        return symbol == focus ? focused.contains(type) : symbols[symbol]?.contains(type) ?? false
    }

    package func box(for key: InputKey) -> RecordBox? {
        guard let symbol = key.symbol else { return shared.box(ObjectIdentifier(key.record)) }
        return (symbol == focus ? focused : symbols[symbol])?.box(ObjectIdentifier(key.record))
    }

    package mutating func set(_ box: RecordBox, for key: InputKey) {
        guard let symbol = key.symbol else { return shared.set(box) }
        symbols[symbol, default: RecordList()].set(box)
        if focus == symbol { focused.set(box) }
    }

    package mutating func remove(_ key: InputKey) {
        let type = ObjectIdentifier(key.record)
        guard let symbol = key.symbol else { return shared.remove(type) }
        symbols[symbol]?.remove(type)
        if symbols[symbol]?.isEmpty == true { symbols[symbol] = nil }
        if focus == symbol { focused.remove(type) }
    }

    package mutating func removeAll() {
        self = Inputs(now: now)
    }

    @inlinable @inline(__always)
    func entry<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) -> RecordList.Entry? {
        let isFocus = symbol == focus
        if isFocus, let entry = focused.entry(ObjectIdentifier(type)) { return entry }
        guard type.isPerSymbol else { return shared.entry(ObjectIdentifier(type)) }
        return isFocus ? nil : symbols[symbol]?.entry(ObjectIdentifier(type))
    }
}
