import GateAPI

/// A stream with its consumer groups.
final class ModelStream {
    struct Entry {
        let id: EntryID
        /// Names and values in turn.
        let fields: [String]
    }

    private(set) var entries: [Entry] = []
    private(set) var last = EntryID(milliseconds: 0, sequence: 0)
    var groups: [ModelGroup] = []

    func add(_ fields: [String], as given: EntryID? = nil, at time: Int64) -> EntryID {
        let now = EntryID(milliseconds: UInt64(time), sequence: 0)
        let id = given ?? max(now, EntryID(milliseconds: last.milliseconds, sequence: last.sequence + 1))
        entries.append(Entry(id: id, fields: fields))
        last = id
        return id
    }

    @discardableResult
    func delete(_ id: EntryID) -> Bool {
        guard let index = index(of: id) else { return false }
        entries.remove(at: index)
        return true
    }

    func entry(_ id: EntryID) -> Entry? { index(of: id).map { entries[$0] } }

    /// The first entries after an id.
    func entries(after id: EntryID, count: Int) -> ArraySlice<Entry> {
        let start = entries.lowerBound(id) { $0.id <= $1 }
        return entries[start..<min(entries.count, start + count)]
    }

    func group(_ name: String) -> ModelGroup? { groups.first { $0.name == name } }

    private func index(of id: EntryID) -> Int? {
        let index = entries.lowerBound(id) { $0.id < $1 }
        return index < entries.count && entries[index].id == id ? index : nil
    }
}

/// A consumer group with its pending entries list.
final class ModelGroup {
    struct Pending {
        let id: EntryID
        var consumer: String
        var deliveredAt: Int64
        var count: Int
    }

    struct Consumer {
        let name: String
        var seenAt: Int64
    }

    let name: String
    var delivered: EntryID
    /// Ordered by id.
    private(set) var pending: [Pending] = []
    private(set) var consumers: [Consumer] = []

    init(name: String, delivered: EntryID) {
        self.name = name
        self.delivered = delivered
    }

    /// Creates the consumer if it is new, and notes its activity. Servers from 7.2 on do so at every read; the model
    /// does it when a consumer gets an entry.
    func see(_ consumer: String, at time: Int64) {
        if let index = consumers.firstIndex(where: { $0.name == consumer }) {
            consumers[index].seenAt = time
        } else {
            consumers.append(Consumer(name: consumer, seenAt: time))
        }
    }

    /// Removes a consumer with its pending entries. Returns how many it had.
    func remove(consumer name: String) -> Int {
        let held = pending.count { $0.consumer == name }
        pending.removeAll { $0.consumer == name }
        consumers.removeAll { $0.name == name }
        return held
    }

    func deliver(_ id: EntryID, to consumer: String, at time: Int64) {
        delivered = max(delivered, id)
        pending.insert(
            Pending(id: id, consumer: consumer, deliveredAt: time, count: 1), at: pending.lowerBound(id) { $0.id < $1 })
    }

    func acknowledge(_ id: EntryID) -> Bool {
        guard let index = index(of: id) else { return false }
        pending.remove(at: index)
        return true
    }

    func index(of id: EntryID) -> Int? {
        let index = pending.lowerBound(id) { $0.id < $1 }
        return index < pending.count && pending[index].id == id ? index : nil
    }

    /// The index of the first pending entry from an id on.
    func start(from id: EntryID) -> Int { pending.lowerBound(id) { $0.id < $1 } }

    func update(_ index: Int, _ body: (inout Pending) -> Void) { body(&pending[index]) }
    func drop(_ index: Int) { pending.remove(at: index) }
}

extension Array {
    /// The index of the first element for which `isBefore` is false.
    fileprivate func lowerBound<Key>(_ key: Key, _ isBefore: (Element, Key) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle], key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
