import GateAPI
@testable import GateHost
import Redis

/// Reads reply bytes as the host does: through the connection, hiredis, the stream reader and the intent parser.
///
/// An input that begins with `r` is the reply to a read, with `c` to a claim, byte for byte, and ends where the input
/// ends. All others are stream entries in the sections of ``FuzzSections``. The target puts these into a reply, and
/// they must come out unchanged.
/// they went in.
struct IntentTarget: FuzzTarget {
    static let name = "intent"

    private let server: ReplyServer
    private let reader = StreamReader(
        stream: "s", group: "g", consumer: "c", batch: 128, longestBlock: .milliseconds(1))
    private var connection: RedisConnection?

    init() throws {
        server = try ReplyServer()
    }

    mutating func run(_ input: [UInt8]) {
        switch input.first {
        case UInt8(ascii: "r"): read(raw: Array(input.dropFirst()), isClaim: false)
        case UInt8(ascii: "c"): read(raw: Array(input.dropFirst()), isClaim: true)
        default: read(FuzzSections(input))
        }
    }

    private mutating func read(raw: [UInt8], isClaim: Bool) {
        // The reply ended this connection; the next input gets a new one.
        defer { connection = nil }
        guard let batch = try? batch(from: raw, isLast: true, isClaim: isClaim) else { return }
        for entry in batch.entries { IntentOracle.check(entry, sent: nil) }
        for id in batch.bodiless + batch.trimmed { IntentOracle.check(id) }
    }

    private mutating func read(_ input: FuzzSections) {
        let sent = input.sections.enumerated().map { (id: "1795354847562-\($0.offset)", pairs: $0.element.pairs) }
        let batch: StreamBatch
        do {
            batch = try self.batch(from: ReplyText.entries(sent), isLast: false, isClaim: false)
        } catch {
            return demand(false, "a batch from a reply without fault, instead of \(error)")
        }
        demandEqual(batch.entries.count, sent.count, "the number of entries")
        for (entry, original) in zip(batch.entries, sent) {
            demandEqual(entry.id.description, original.id, "an entry's id")
            IntentOracle.check(entry, sent: original.pairs)
        }
    }

    private mutating func batch(from bytes: [UInt8], isLast: Bool, isClaim: Bool) throws -> StreamBatch {
        let connection: RedisConnection
        if let current = self.connection, current.isUsable {
            connection = current
        } else {
            connection = try RedisConnection(server.configuration)
            self.connection = connection
        }
        server.say(bytes, isLast: isLast)
        if isClaim { return try reader.claim(connection, idle: .seconds(1), cursor: "0-0").batch }
        return try reader.readNew(connection, block: .milliseconds(1))
    }
}
