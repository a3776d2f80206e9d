import GateAPI
import Redis

/// The source of a stream's plans, given to those that name none: a switch of the source stops them too.
struct PinnedSource {
    private static let field: StaticString = "source"
    /// The bytes of the entries, and behind them the field.
    let buffer: [UInt8]
    private let position: Fields.Position

    init(_ source: String, behind list: RedisReply) {
        let start = list.buffer.count
        buffer = list.buffer + Array(Self.field.description.utf8) + Array(source.utf8)
        let end = start + Self.field.utf8CodeUnitCount
        position = Fields.Position(name: start..<end, value: end..<buffer.count)
    }

    /// Gives the entry whose positions begin at `start` the source, unless it names one.
    func complete(_ positions: inout [Fields.Position], from start: Int) {
        let isNamed = positions[start...].contains { position in
            position.name.count == Self.field.utf8CodeUnitCount
                && buffer.span.extracting(position.name).spells(Self.field)
        }
        if !isNamed { positions.append(position) }
    }
}
