import GateAPI
import Redis
import TradingState

/// Finds the symbols that have position keys, with SCAN. KEYS would block the server.
///
/// A pass over a large key space takes several cycles. Until it ends, the result of the last pass counts too.
struct PositionScan {
    /// Keys per step: one or two milliseconds of server time.
    static let keysPerStep = 5_000
    /// Steps per cycle; a pass over more than 250 000 keys continues in the next cycle.
    static let stepsPerCycle = 50
    /// Bounds memory; exchanges list some hundreds of symbols.
    static let maximumSymbols = 10_000

    /// Matches both generations of position keys in one pass.
    private static let pattern = "quantum:*position*:*"
    private static let prefixes = Position.keys.compactMap { key in
        if case .perSymbol(let prefix) = key { prefix } else { nil }
    }

    private var cursor = "0"
    private var found: Set<Symbol> = []
    private var lastPass: Set<Symbol> = []

    var symbols: Set<Symbol> { found.union(lastPass) }

    func addStep(to pipeline: inout RedisPipeline) {
        pipeline.add("SCAN", cursor, "MATCH", Self.pattern, "COUNT", String(Self.keysPerStep))
    }

    /// Adds the keys of a step's reply; true if the pass is complete.
    mutating func take(_ reply: RedisReply) throws(RedisError) -> Bool {
        if let error = reply.error { throw RedisError(error) }
        guard let next = reply.element(0)?.text, let keys = reply.element(1) else {
            throw RedisError(code: .replyUnexpected, message: "the reply to SCAN has no cursor and keys")
        }
        for key in keys.elements {
            guard found.count < Self.maximumSymbols, let symbol = key.text.flatMap(Self.symbol) else { continue }
            found.insert(symbol)
        }
        cursor = next
        guard next == "0" else { return false }
        lastPass = found
        found = []
        return true
    }

    /// The symbol of a position's key, or of the key of one of its legs.
    private static func symbol(_ key: String) -> Symbol? {
        for prefix in prefixes where key.hasPrefix(prefix) {
            var name = key.dropFirst(prefix.count)
            for leg in [PositionLeg.long, .short] where name.hasSuffix(":" + leg.rawValue) {
                name.removeLast(leg.rawValue.count + 1)
            }
            return Symbol(String(name))
        }
        return nil
    }
}
