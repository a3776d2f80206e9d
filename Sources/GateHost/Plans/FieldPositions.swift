import GateAPI
import Redis

enum FieldPositions {
    /// Appends the positions of the names and values in a flat array of both.
    static func append(of reply: RedisReply, to positions: inout [Fields.Position]) {
        var name: Range<Int>?
        reply.forEachTextRange { range in
            if let field = name {
                positions.append(Fields.Position(name: field, value: range))
                name = nil
            } else {
                name = range
            }
            return true
        }
    }
}
