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
    /// Keys that spell a symbol in lower case, which are read too.
    fileprivate static let maximumMisspelled = 1_000

    /// Matches both generations of position keys in one pass.
    private static let pattern = "quantum:*position*:*"
    fileprivate static let prefixes = Position.keys.compactMap { key in
        if case .perSymbol(let prefix) = key { prefix } else { nil }
    }

    private var cursor = "0"
    private var found = Keys()
    private var lastPass = Keys()

    fileprivate struct Keys {
        var symbols: Set<Symbol> = []
        var misspelled: [Symbol: Set<String>] = [:]
        var isCut = false
    }

    var symbols: Set<Symbol> { found.symbols.union(lastPass.symbols) }
    /// The keys of each symbol that spell it in lower case. The gates do not read them.
    var misspelled: [Symbol: Set<String>] { found.misspelled.merging(lastPass.misspelled) { $0.union($1) } }
    /// Whether there are more symbols or misspelled keys than the scan keeps.
    var isCut: Bool { found.isCut || lastPass.isCut }

    func addStep(to pipeline: inout RedisPipeline) {
        pipeline.add("SCAN", cursor, "MATCH", Self.pattern, "COUNT", String(Self.keysPerStep))
    }

    /// Adds the keys of a step's reply; true if the pass is complete.
    mutating func take(_ reply: RedisReply) throws(RedisError) -> Bool {
        if let error = reply.error { throw RedisError(error) }
        guard let next = reply.element(0)?.text, let keys = reply.element(1) else {
            throw RedisError(code: .replyUnexpected, message: "the reply to SCAN has no cursor and keys")
        }
        for key in keys.elements { if let key = key.text { found.take(key) } }
        cursor = next
        guard next == "0" else { return false }
        lastPass = found
        found = Keys()
        return true
    }

}

extension PositionScan.Keys {
    /// Takes the key of a position, or of one of its legs.
    fileprivate mutating func take(_ key: String) {
        guard let prefix = PositionScan.prefixes.first(where: key.hasPrefix) else { return }
        var name = key.dropFirst(prefix.count)
        for leg in [PositionLeg.long, .short] where name.hasSuffix(":" + leg.rawValue) {
            name.removeLast(leg.rawValue.count + 1)
        }
        guard let symbol = Symbol(String(name)) else { return }
        guard symbols.contains(symbol) || symbols.count < PositionScan.maximumSymbols else { return isCut = true }
        symbols.insert(symbol)
        guard symbol.name != name else { return }
        guard misspelled.count < PositionScan.maximumMisspelled else { return isCut = true }
        misspelled[symbol, default: []].insert(key)
    }
}
