import GateAPI
import Platform
import Redis
import TradingState

/// Finds the symbols that have an account or a position snapshot, in one pass over the names of all keys.
struct SymbolScan {
    private(set) var symbols: [Symbol] = []
    /// What the pass found besides, one sentence each.
    private(set) var notes: [String] = []

    /// One pattern for accounts and both generations of snapshots: a pass over all keys is the cost.
    private static let pattern = "quantum:*position*:*"
    private static let keysPerStep = 1_000
    /// A pass sees about 20 million keys at most.
    private static let maximumSteps = 20_000
    static let maximumSymbols = 10_000

    private static let accounts = "\(AccountFields.keyPrefix)\(PositionPool.name):"
    private static let prefixes: [String] =
        [accounts] + Position.keys.map { $0.description.replacing("{symbol}", with: "") }

    static func run(_ connection: RedisConnection) throws(RedisError) -> SymbolScan {
        var scan = SymbolScan()
        var found: Set<Symbol> = []
        var cursor = "0"
        for _ in 0..<maximumSteps {
            let reply = try connection.command("SCAN", cursor, "MATCH", pattern, "COUNT", String(keysPerStep))
            for key in reply.element(1)?.elements.compactMap(\.text) ?? [] { scan.take(key, &found) }
            cursor = reply.element(0)?.text ?? "0"
            if cursor == "0" || found.count >= maximumSymbols { break }
        }
        if cursor != "0" { scan.notes.append("the search stopped early: there may be more symbols") }
        scan.symbols = found.sorted { $0.name < $1.name }
        return scan
    }

    private mutating func take(_ key: String, _ found: inout Set<Symbol>) {
        guard let prefix = Self.prefixes.first(where: { key.hasPrefix($0) }) else { return }
        var name = key.dropFirst(prefix.count)
        if prefix == Self.accounts, let damaged = name.firstRange(of: ":damaged:") {
            notes.append("\(key.visible) is an account of another type that a commit put aside")
            name = name[..<damaged.lowerBound]
        } else if prefix != Self.accounts {
            for leg in [":LONG", ":SHORT"] where name.hasSuffix(leg) { name = name.dropLast(leg.count) }
        }
        if let symbol = Symbol(String(name)), symbol.name == name { found.insert(symbol) }
    }
}
