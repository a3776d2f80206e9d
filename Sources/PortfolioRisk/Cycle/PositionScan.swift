import GateAPI
import Redis
import TradingState

/// Finds the symbols that have position keys, with SCAN: never all of the key space at once, which KEYS would hold the
/// server up for.
///
/// A pass over a large key space takes several cycles; until it ends, what the last one found counts too.
struct PositionScan {
    /// Keys that one step looks at: a millisecond or two of the server's time.
    static let keysPerStep = 5_000
    /// Steps in one cycle; a pass over more than 250 000 keys goes on in the next.
    static let stepsPerCycle = 50
    /// Symbols remembered; there are some hundreds in the world.
    static let maximumSymbols = 10_000

    /// Meets both generations of position keys, so that one pass finds all.
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

    /// Takes a step's reply; true where that ended the pass.
    mutating func take(_ reply: RedisReply) throws(RedisError) -> Bool {
        if let error = reply.error { throw RedisError(error) }
        guard let next = reply.element(0)?.text, let keys = reply.element(1) else {
            throw RedisError(code: .replyUnexpected, message: "SCAN did not answer a cursor and keys")
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

    private static func symbol(_ key: String) -> Symbol? {
        for prefix in prefixes where key.hasPrefix(prefix) { return Symbol(String(key.dropFirst(prefix.count))) }
        return nil
    }
}
