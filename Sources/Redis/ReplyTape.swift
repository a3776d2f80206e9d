/// One reply or one element of a reply.
struct ReplyNode: Sendable {
    let kind: RedisReply.Kind
    /// The value of an integer; for text, where its bytes start.
    let value: Int
    /// How many bytes a text has, or how many elements an array.
    let count: UInt32
    /// The node after this one's subtree: where its next sibling is, if it has one.
    var end: UInt32
}

/// The replies of one exchange, flat: all their bytes in one array, all their nodes in another, parents before
/// children. Nobody changes them as long as somebody has them, so replies are values that may outlive their connection
/// and change threads.
// Safe: written by its builder alone, before it is given away and after everybody has dropped it.
final class ReplyTape: @unchecked Sendable {
    fileprivate(set) var bytes: [UInt8] = []
    fileprivate(set) var nodes: [ReplyNode] = []
    fileprivate(set) var roots: [UInt32] = []
}

/// Takes what the parser reports, in its order, and gives a tape.
///
/// The counts fit `UInt32`: a connection reads at most `RedisConnection.maximumReplyBytes`, and hiredis counts elements
/// in an `int`.
struct ReplyTapeBuilder {
    private var bytes: [UInt8] = []
    private var nodes: [ReplyNode] = []
    private var roots: [UInt32] = []
    private var root = 0
    /// The last tapes, the oldest first. Their memory is used again when all others have dropped them.
    private var used: [ReplyTape] = []
    /// The one of them that is used again.
    private var next: ReplyTape?

    /// Enough for replies to commits and replies with entries to take turns, with two batches in hand, so that each
    /// finds a tape of its size.
    private static let mostKept = 4
    /// Larger tapes are not kept.
    private static let mostBytesKept = 8 << 20

    /// To be called before an exchange.
    mutating func prepare() {
        guard next == nil, let index = used.indices.first(where: { isKnownUniquelyReferenced(&used[$0]) }) else {
            return
        }
        let usual = used.reduce(0) { max($0, $1.bytes.count) }
        let tape = used.remove(at: index)
        // The arrays are worked on here, not there: every access to an object's would be checked.
        swap(&bytes, &tape.bytes)
        swap(&nodes, &tape.nodes)
        swap(&roots, &tape.roots)
        // Whoever took entries from a reply may still have its bytes. Then this makes an array as large as the old one:
        // not larger than what was needed lately.
        if bytes.capacity <= 2 * usual + 1_024 {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes = []
            bytes.reserveCapacity(usual)
        }
        nodes.removeAll(keepingCapacity: true)
        roots.removeAll(keepingCapacity: true)
        next = tape
    }

    mutating func appendText(_ kind: RedisReply.Kind, _ text: UnsafeBufferPointer<UInt8>) {
        nodes.append(ReplyNode(kind: kind, value: bytes.count, count: UInt32(truncatingIfNeeded: text.count), end: 0))
        bytes.append(contentsOf: text)
    }

    mutating func appendArray(count: Int) {
        nodes.append(ReplyNode(kind: .array, value: 0, count: UInt32(truncatingIfNeeded: count), end: 0))
    }

    mutating func appendInteger(_ value: Int) {
        nodes.append(ReplyNode(kind: .integer, value: value, count: 0, end: 0))
    }

    mutating func appendNull() {
        nodes.append(ReplyNode(kind: .null, value: 0, count: 0, end: 0))
    }

    /// To be called when the parser has completed a reply. Backwards, every child has its end before its parent asks
    /// for it.
    mutating func completeReply() {
        for index in (root..<nodes.count).reversed() {
            var end = index + 1
            if nodes[index].kind == .array {
                for _ in 0..<nodes[index].count { end = Int(nodes[end].end) }
            }
            nodes[index].end = UInt32(truncatingIfNeeded: end)
        }
        roots.append(UInt32(truncatingIfNeeded: root))
        root = nodes.count
    }

    mutating func finish() -> RedisReplies {
        let tape = next.take() ?? ReplyTape()
        swap(&bytes, &tape.bytes)
        swap(&nodes, &tape.nodes)
        swap(&roots, &tape.roots)
        bytes = []
        nodes = []
        roots = []
        root = 0
        if tape.bytes.capacity + tape.nodes.capacity * MemoryLayout<ReplyNode>.stride <= Self.mostBytesKept {
            used.append(tape)
            if used.count > Self.mostKept { used.removeFirst() }
        }
        return RedisReplies(tape: tape)
    }
}
