/// Future events: a binary heap by time. Equal times keep their order of insertion, so that runs repeat exactly.
struct EventQueue {
    enum Kind {
        /// A request of a host's lane reaches its shard.
        case request(lane: Int)
        /// A plan is published on a stream with blocked hosts.
        case arrival(stream: Int)
        /// A producer writes a state record.
        case write(shard: Int)
        /// A host claims the pending entries of dead hosts.
        case claim(stream: Int)
        /// The claim continues with the remaining entries.
        case claimRest(stream: Int, entries: Int)
    }

    struct Event {
        let time: Double
        fileprivate let number: Int
        let kind: Kind

        fileprivate func isBefore(_ other: Event) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Event] = []
    private var count = 0

    mutating func add(_ kind: Kind, at time: Double) {
        guard time.isFinite else { return }
        heap.append(Event(time: time, number: count, kind: kind))
        count += 1
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> Event? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least])
            { least = child }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
