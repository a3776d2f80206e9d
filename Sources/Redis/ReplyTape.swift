/// One reply or one element of a reply.
struct ReplyNode: Sendable {
    let kind: RedisReply.Kind
    /// The value of an integer, or the start of the bytes of a text.
    let value: Int
    /// The number of bytes of a text, or of elements of an array.
    let count: UInt32
    /// The index after this node's subtree, where its next sibling is if there is one.
    var end: UInt32
}

/// The replies of one exchange in flat form: all bytes in one array, all nodes in another, parents before children. A
/// tape that a reply refers to never changes, so replies are values: they may outlive their connection and change
/// threads.
// Safe: only its builder writes it, before it hands the tape out and after all replies have dropped it.
final class ReplyTape: @unchecked Sendable {
    fileprivate(set) var bytes: [UInt8] = []
    fileprivate(set) var nodes: [ReplyNode] = []
    fileprivate(set) var roots: [UInt32] = []
}

/// Builds a tape from the parser's callbacks.
///
/// The counts fit `UInt32`: a connection reads at most `RedisConnection.maximumReplyBytes`, and hiredis counts elements
/// in an `int`.
struct ReplyTapeBuilder {
    private var bytes: [UInt8] = []
    private var nodes: [ReplyNode] = []
    private var roots: [UInt32] = []
    private var root = 0
    /// Recent tapes, oldest first. Their memory is reused once no reply refers to them.
    private var recent: [ReplyTape] = []
    /// The tape that the current exchange reuses.
    private var reused: ReplyTape?

    /// Enough for replies to commits and replies to reads to alternate with two batches in flight, each on a tape of
    /// its size.
    private static let maximumKept = 4
    /// Larger tapes are freed.
    private static let maximumBytesKept = 8 << 20

    /// Call before an exchange.
    mutating func prepare() {
        guard reused == nil, let index = recent.indices.first(where: { isKnownUniquelyReferenced(&recent[$0]) }) else {
            return
        }
        let recentMaximum = recent.reduce(0) { max($0, $1.bytes.count) }
        let tape = recent.remove(at: index)
        // Work on local arrays: every access to the arrays of an object is checked for exclusivity.
        swap(&bytes, &tape.bytes)
        swap(&nodes, &tape.nodes)
        swap(&roots, &tape.roots)
        // A caller that took entries from a reply may still hold its bytes. `removeAll` then allocates a new array of
        // the same capacity, so a capacity far above recent needs is not kept.
        if bytes.capacity <= 2 * recentMaximum + 1_024 {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes = []
            bytes.reserveCapacity(recentMaximum)
        }
        nodes.removeAll(keepingCapacity: true)
        roots.removeAll(keepingCapacity: true)
        reused = tape
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

    /// Call when the parser has completed a reply. Going backwards, every child has its end before its parent needs it.
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
        let tape = reused.take() ?? ReplyTape()
        swap(&bytes, &tape.bytes)
        swap(&nodes, &tape.nodes)
        swap(&roots, &tape.roots)
        bytes = []
        nodes = []
        roots = []
        root = 0
        if tape.bytes.capacity + tape.nodes.capacity * MemoryLayout<ReplyNode>.stride <= Self.maximumBytesKept {
            recent.append(tape)
            if recent.count > Self.maximumKept { recent.removeFirst() }
        }
        return RedisReplies(tape: tape)
    }
}
