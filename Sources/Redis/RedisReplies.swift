/// The replies of one `send`, one for each command, in order. A value: it may outlive its connection.
package struct RedisReplies: Sendable, RandomAccessCollection {
    let tape: ReplyTape

    /// The bytes of all texts among these replies; `RedisReply.byteRange` says which are whose.
    package var buffer: [UInt8] { tape.bytes }
    package var startIndex: Int { 0 }
    package var endIndex: Int { tape.roots.count }

    package subscript(position: Int) -> RedisReply {
        RedisReply(tape: tape, index: Int(tape.roots[position]))
    }

    static let none = RedisReplies(tape: ReplyTape())
}
