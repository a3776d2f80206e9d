/// The direct elements of an array reply, in order. Each step is one look-up, however large the element is.
package struct RedisReplyElements: Sendable, Collection {
    /// A place on the tape. It is not an `Int`, so that nobody mistakes it for the position of the element.
    package struct Index: Sendable, Comparable {
        let node: Int

        package static func < (left: Self, right: Self) -> Bool { left.node < right.node }
    }

    let tape: ReplyTape
    let parent: Int

    package var startIndex: Index { Index(node: parent + 1) }
    package var endIndex: Index { Index(node: Int(tape.nodes[parent].end)) }

    package var count: Int { RedisReply(tape: tape, index: parent).count }

    package func index(after position: Index) -> Index {
        Index(node: Int(tape.nodes[position.node].end))
    }

    package subscript(position: Index) -> RedisReply {
        RedisReply(tape: tape, index: position.node)
    }
}
