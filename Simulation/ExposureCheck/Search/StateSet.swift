/// The states that were seen, each by the 64 bits of its identity: an open hash table, less than two thirds full.
struct StateSet {
    private var slots: [UInt64]
    private(set) var count = 0

    /// - Parameter expected: as many states fit before the table grows.
    init(expected: Int) {
        var size = 1 << 12
        while size * 2 < expected * 3 { size *= 2 }
        slots = Array(repeating: 0, count: size)
    }

    /// Whether the state is new.
    mutating func insert(_ identity: UInt64) -> Bool {
        // Zero marks an empty slot.
        let identity = identity == 0 ? 1 : identity
        if count * 3 >= slots.count * 2 { grow() }
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: identity) & mask
        while slots[index] != 0 {
            if slots[index] == identity { return false }
            index = (index + 1) & mask
        }
        slots[index] = identity
        count += 1
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for identity in old where identity != 0 {
            var index = Int(truncatingIfNeeded: identity) & mask
            while slots[index] != 0 { index = (index + 1) & mask }
            slots[index] = identity
        }
    }
}
