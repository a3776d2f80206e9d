import GateAPI
import Redis

extension Fields {
    /// Reads a reply to HGETALL; `nil` if the key does not exist.
    init?(hash reply: RedisReply) throws(InputFailure) {
        if let error = reply.error { throw .unavailable(detail: error.message) }
        guard reply.kind == .array else { throw .unavailable(detail: "an unexpected reply") }
        guard reply.count > 0 else { return nil }
        var positions: [Position] = []
        positions.reserveCapacity(reply.count / 2)
        var name: Range<Int>?
        for element in reply.elements {
            guard let range = element.byteRange else { throw .unavailable(detail: "an unexpected reply") }
            if let field = name {
                positions.append(Position(name: field, value: range))
                name = nil
            } else {
                name = range
            }
        }
        self.init(buffer: reply.buffer, positions: positions[...])
    }
}
