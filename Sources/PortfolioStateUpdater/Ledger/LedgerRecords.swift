import GateAPI
import Redis
import TradingState

/// The ledger's records as Redis has them: cash, and what is kept under each symbol's position keys.
struct LedgerRecords: Sendable {
    var cash: Result<Fields?, InputFailure>
    /// One reading per key, so up to two per symbol.
    var positions: [Symbol: [Result<Fields?, InputFailure>]]

    /// Position records beyond these are taken for a mistake: it bounds one reply's size.
    static let maximumPositions = 10_000
    /// All keys of the database are walked over, this many to a round trip.
    static let keysPerScan = 1_000
    /// The walk as a whole.
    static let scanLimit: Duration = .seconds(5)
    /// Matches the keys of both generations, so that one walk finds all.
    private static let pattern = "quantum:*position*"
    private static let prefixes = LedgerPosition.keys.compactMap { key -> String? in
        if case .perSymbol(let prefix) = key { prefix } else { nil }
    }

    init(cash: Result<Fields?, InputFailure>, positions: [Symbol: [Result<Fields?, InputFailure>]]) {
        self.cash = cash
        self.positions = positions
    }

    init(reading connection: RedisConnection) throws(PortfolioStateFailure) {
        let keys = try Self.positionKeys(connection)
        var pipeline = RedisPipeline()
        for case .single(let name) in CashBalance.keys { pipeline.add("HGETALL", name) }
        for (name, _) in keys { pipeline.add("HGETALL", name) }
        let replies = try connection.exchange(pipeline)
        guard let first = replies.first else { throw PortfolioStateFailure(.redis, "Redis did not answer") }
        cash = Self.fields(first)
        positions = [:]
        for ((_, symbol), reply) in zip(keys, replies.dropFirst()) {
            positions[symbol, default: []].append(Self.fields(reply))
        }
    }

    private static func fields(_ reply: RedisReply) -> Result<Fields?, InputFailure> {
        Result { () throws(InputFailure) in try Fields(hash: reply) }
    }

    /// The position keys that exist, sorted, so that equal ledgers read alike.
    private static func positionKeys(_ connection: RedisConnection) throws(PortfolioStateFailure) -> [(
        name: String, symbol: Symbol
    )] {
        var found: [String: Symbol] = [:]
        var cursor = "0"
        let end = ContinuousClock.now + scanLimit
        repeat {
            var pipeline = RedisPipeline()
            pipeline.add("SCAN", cursor, "MATCH", pattern, "COUNT", String(keysPerScan))
            guard let reply = try connection.exchange(pipeline).first, reply.error == nil,
                let next = reply.element(0)?.text, let page = reply.element(1)
            else { throw PortfolioStateFailure(.redis, "Redis refused to list the position records") }
            cursor = next
            for key in page.elements.lazy.compactMap(\.text) {
                // What follows the prefix is a symbol, or no part of the system could ask for it.
                guard let prefix = prefixes.first(where: key.hasPrefix),
                    let symbol = Symbol(String(key.dropFirst(prefix.count)))
                else { continue }
                found[key] = symbol
            }
            guard found.count <= maximumPositions else {
                throw PortfolioStateFailure(.tooManyRecords, "there are more than \(maximumPositions) position records")
            }
            guard ContinuousClock.now < end else {
                throw PortfolioStateFailure(
                    .timeout,
                    "listing the position records took longer than \(scanLimit.seconds) s: the database holds too many keys"
                )
            }
        } while cursor != "0"
        return found.sorted { $0.key < $1.key }.map { (name: $0.key, symbol: $0.value) }
    }
}
