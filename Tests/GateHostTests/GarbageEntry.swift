import Redis
import TestSupport

/// Entries that no publisher should send.
enum GarbageEntry {
    typealias Pair = (name: [UInt8], value: [UInt8])

    private static let numbers = [
        "nan", "inf", "-inf", "1e400", "-1e400", "1e-400", "99999999999999999999999999999999999999999999", "0x10",
        "1e5", "--1", "1_000", "", " 12 ",
        "1.7976931348623157e308", "170141183460469231731687303715884105727", "-0", "+5", ".5", "5.", ".", "e", "1e",
        "٣",
    ]

    static func make(_ index: Int, _ generator: inout SeededGenerator) -> [Pair] {
        switch index % 5 {
        case 0:
            (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                (bytes(1...40, &generator), bytes(0...200, &generator))
            }
        case 1:
            plan(index, &generator) + [
                (Array("huge".utf8), Array(repeating: 0x41, count: Int.random(in: 0...100_000, using: &generator)))
            ]
        case 2:
            plan(index, &generator).filter { _ in Bool.random(using: &generator) } + [
                (bytes(1...10, &generator), bytes(0...10, &generator))
            ]
        case 3: plan(index, &generator)
        default:
            plan(index, &generator).map { pair in
                Int.random(in: 0..<4, using: &generator) == 0 ? (pair.name, bytes(0...64, &generator)) : pair
            }
        }
    }

    /// A plan with random numbers, sides and actions from lists of bad values.
    private static func plan(_ index: Int, _ generator: inout SeededGenerator) -> [Pair] {
        func number() -> String { numbers.randomElement(using: &generator) ?? "" }
        let pairs: [(String, String)] = [
            ("plan_id", "garbage-\(index)"), ("decision", Bool.random(using: &generator) ? "EXECUTE" : "SKIP"),
            ("symbol", "BTCUSDT"),
            ("side", ["BUY", "SELL", "CLOSE", "long", "?", ""].randomElement(using: &generator) ?? ""),
            ("qty", number()), ("price", number()),
            ("entry_price", number()),
            ("reduceOnly", ["true", "false", "maybe", "TRUE"].randomElement(using: &generator) ?? ""),
            ("close_qty", number()),
            (
                "action",
                ["FULL_CLOSE_PROPOSED", "PARTIAL_", "PARTIAL_999", "PARTIAL_nan", "UPDATE_SL", "ENTRY_PROPOSED", ""]
                    .randomElement(using: &generator) ?? ""
            ),
            ("steps", "[{\"pct\": \(number())}]"), ("kill_score", number()), ("timestamp", number()),
        ]
        return pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    }

    private static func bytes(_ length: ClosedRange<Int>, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: length, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

/// XADD commands with binary fields, many to a round trip.
struct RedisCommands: ~Copyable {
    private var pipeline = RedisPipeline()

    mutating func add(stream: String, _ pairs: [GarbageEntry.Pair]) {
        pipeline.begin()
        pipeline.argument("XADD")
        pipeline.argument(stream)
        pipeline.argument("*")
        for pair in pairs.isEmpty ? [([0], [0])] : pairs {
            pipeline.argument(pair.0)
            pipeline.argument(pair.1)
        }
        pipeline.end()
    }

    func send(_ redis: RedisFixture) throws {
        for reply in try redis.connection.send(pipeline) {
            if let error = reply.error { throw error }
        }
    }
}
