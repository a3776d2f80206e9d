/// The replies to one `send`, one per command, in order. A value that may outlive its connection.
package struct RedisReplies: Sendable, RandomAccessCollection {
    let tape: ReplyTape

    /// The bytes of all texts in these replies; index it with `RedisReply.byteRange`.
    package var buffer: [UInt8] { tape.bytes }
    package var startIndex: Int { 0 }
    package var endIndex: Int { tape.roots.count }

    package subscript(position: Int) -> RedisReply {
        RedisReply(tape: tape, index: Int(tape.roots[position]))
    }

    /// The first refusal of a write by a replica, also of a command within a transaction or script.
    package var refusalByReplica: RedisServerError? {
        tape.nodes.indices.lazy.compactMap { RedisReply(tape: tape, index: $0).error }.first(where: \.isFromReplica)
    }

    static let none = RedisReplies(tape: ReplyTape())
}
