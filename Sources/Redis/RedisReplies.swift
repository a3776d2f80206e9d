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

    static let none = RedisReplies(tape: ReplyTape())
}
