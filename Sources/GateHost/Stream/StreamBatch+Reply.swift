import GateAPI
import Redis

extension StreamBatch {
    /// Reads a list of entries. All of them share the reply's bytes and one array of positions.
    ///
    /// - Parameters:
    ///   - symbols: other spellings of symbols.
    ///   - source: the source of entries that name none; `nil` gives them none.
    init(_ list: RedisReply, _ symbols: SymbolMap, source: String?) {
        let pinned = source.map { PinnedSource($0, behind: list) }
        let buffer = pinned?.buffer ?? list.buffer
        var positions: [Fields.Position] = []
        var found: [(id: EntryID, positions: Range<Int>)] = []
        found.reserveCapacity(list.count)
        for entry in list.elements {
            var parts = entry.elements.makeIterator()
            // Servers before 7.0 answer a claim of a trimmed entry with a nil in its place.
            guard let id = parts.next().flatMap(Self.entryID) else { continue }
            let fields = parts.next()
            if let bytes = fields?.integer {
                let planID = parts.next()?.text ?? ""
                oversized.append(OversizedEntry(id: id, bytes: bytes, planID: Intent.isPlanID(planID) ? planID : ""))
                continue
            }
            guard let fields, fields.kind == .array else {
                bodiless.append(id)
                continue
            }
            let start = positions.count
            if start == 0 { positions.reserveCapacity(list.count * fields.count / 2) }
            FieldPositions.append(of: fields, to: &positions)
            pinned?.complete(&positions, from: start)
            found.append((id, start..<positions.count))
        }
        entries = found.map {
            StreamEntry(id: $0.id, fields: Fields(buffer: buffer, positions: positions[$0.positions]), symbols)
        }
    }

    private static func entryID(_ reply: RedisReply) -> EntryID? {
        reply.byteRange.flatMap { range in EntryID(utf8: reply.buffer.span.extracting(range)) }
    }
}
