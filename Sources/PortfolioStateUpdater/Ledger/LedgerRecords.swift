import GateAPI
import Redis
import TradingState

/// The ledger records in Redis: the cash balance, and the records under each symbol's position keys.
struct LedgerRecords: Sendable {
    var cash: Result<Fields?, InputFailure>
    /// One per key, so two per symbol and spelling.
    var positions: [Symbol: [PositionGeneration<LedgerPosition>]]

    /// More position records are treated as a mistake. It bounds the size of a reply.
    static let maximumPositions = 10_000
    /// Keys scanned per round trip; the scan covers all keys of the database.
    static let keysPerScan = 1_000
    /// Time limit of a whole scan.
    static let scanLimit: Duration = .seconds(5)
    /// Matches both generations of position keys in one scan.
    private static let pattern = "quantum:*position*"
    private static let prefixes = LedgerPosition.keys.compactMap { key -> String? in
        if case .perSymbol(let prefix) = key { prefix } else { nil }
    }

    init(cash: Result<Fields?, InputFailure>, positions: [Symbol: [PositionGeneration<LedgerPosition>]]) {
        self.cash = cash
        self.positions = positions
    }

    init(reading connection: RedisConnection) throws(PortfolioStateFailure) {
        let keys = try Self.positionKeys(connection)
        var pipeline = RedisPipeline()
        pipeline.add("ROLE")
        for case .single(let name) in CashBalance.keys { pipeline.add("HGETALL", name) }
        for (name, _) in keys { pipeline.add("HGETALL", name) }
        let replies = try connection.exchange(pipeline)
        guard replies.count == keys.count + 2 else { throw PortfolioStateFailure(.redis, "Redis did not answer") }
        // A replica answers reads, perhaps from long ago. A user without the right to ask may go on.
        guard replies[0].element(0)?.text != "slave" else {
            throw connection.endWithReplica("Redis is a replica, so its records may be old")
        }
        cash = Self.fields(replies[1])
        positions = [:]
        for (key, reply) in zip(keys, replies.dropFirst(2)) {
            positions[key.symbol, default: []].append(
                PositionGeneration(
                    Self.fields(reply).flatMap { $0.map { .success($0) } ?? .failure(.missing) },
                    isMisspelled: !key.name.hasSuffix(key.symbol.name)))
        }
    }

    private static func fields(_ reply: RedisReply) -> Result<Fields?, InputFailure> {
        Result { () throws(InputFailure) in try Fields(hash: reply) }
    }

    /// The existing position keys, sorted, so that equal ledgers give equal readings.
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
                // Only a key that ends in a valid symbol can be read by the rest of the system.
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
                    """
                    listing the position records took longer than \(scanLimit.seconds) s: \
                    the database holds too many keys
                    """
                )
            }
        } while cursor != "0"
        return found.sorted { $0.key < $1.key }.map { (name: $0.key, symbol: $0.value) }
    }
}
