/// A reply, or an element of one.
package struct RedisReply: Sendable {
    package enum Kind: UInt8, Sendable {
        case string, status, integer, array, null, error
    }

    let tape: ReplyTape
    let index: Int

    private var node: ReplyNode { tape.nodes[index] }

    package var kind: Kind { node.kind }
    package var isNull: Bool { node.kind == .null }

    package var integer: Int? {
        let node = node
        return node.kind == .integer ? node.value : nil
    }

    /// The number of elements of an array; 0 for other kinds.
    package var count: Int {
        let node = node
        return node.kind == .array ? Int(node.count) : 0
    }

    /// The elements of an array; none for other kinds.
    package var elements: RedisReplyElements {
        RedisReplyElements(tape: tape, parent: index)
    }

    /// The element at a position, or nil. Costs a step for each element before it.
    package func element(_ position: Int) -> RedisReply? {
        guard position >= 0, position < count else { return nil }
        return elements.dropFirst(position).first
    }

    /// Passes the byte range of each direct element to `body`, in order. Stops at the first element that is not a text,
    /// and when `body` returns false. Avoids making a `RedisReply` per element.
    package func forEachTextRange(_ body: (Range<Int>) -> Bool) {
        tape.nodes.withUnsafeBufferPointer { nodes in
            guard nodes[index].kind == .array else { return }
            var position = index + 1
            let end = Int(nodes[index].end)
            while position < end {
                let node = nodes[position]
                guard node.kind == .string || node.kind == .status, body(node.value..<node.value &+ Int(node.count))
                else { return }
                position = Int(node.end)
            }
        }
    }

    /// The range of a string, status or error in `RedisReplies.buffer`.
    package var byteRange: Range<Int>? {
        let node = node
        switch node.kind {
        case .string, .status, .error: return node.value..<node.value + Int(node.count)
        case .integer, .array, .null: return nil
        }
    }

    package var buffer: [UInt8] { tape.bytes }

    package var bytes: ArraySlice<UInt8>? {
        byteRange.map { tape.bytes[$0] }
    }

    /// A string or status as text; bytes that are not UTF-8 show as replacement characters.
    package var text: String? {
        kind == .error ? nil : bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    package var error: RedisServerError? {
        guard kind == .error, let bytes else { return nil }
        return RedisServerError(message: String(decoding: bytes, as: UTF8.self))
    }
}
