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

/// The replies of one exchange, flat: all their bytes in one array, all their nodes in another, parents before children.
/// Immutable, so replies are values that may outlive their connection and change threads.
final class ReplyTape: Sendable {
    let bytes: [UInt8]
    let nodes: [ReplyNode]
    let roots: [UInt32]

    init(bytes: [UInt8], nodes: [ReplyNode], roots: [UInt32]) {
        self.bytes = bytes
        self.nodes = nodes
        self.roots = roots
    }
}

/// Takes what the parser reports, in its order, and gives a tape.
///
/// The counts fit `UInt32`: a connection reads at most `RedisConnection.maximumReplyBytes`, and hiredis counts elements in an `int`.
struct ReplyTapeBuilder {
    private var bytes: [UInt8] = []
    private var nodes: [ReplyNode] = []
    private var roots: [UInt32] = []
    private var root = 0
    /// What the exchange before took: the next is likely to be as large, and to grow there step by step would move it several times.
    private var previous = (bytes: 0, nodes: 0)

    mutating func prepare(for replies: Int) {
        roots.reserveCapacity(replies)
        nodes.reserveCapacity(max(replies, previous.nodes))
        bytes.reserveCapacity(previous.bytes)
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

    /// To be called when the parser has completed a reply. Backwards, every child has its end before its parent asks for it.
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
        defer {
            let sizes = (bytes.count, nodes.count)
            self = ReplyTapeBuilder()
            previous = sizes
        }
        return RedisReplies(tape: ReplyTape(bytes: bytes, nodes: nodes, roots: roots))
    }
}
