package import GateAPI
import Redis
package import TradingState

/// The inputs of one symbol.
package struct SymbolInputs: Sendable {
    package let symbol: Symbol
    /// One result per generation of the position's key.
    package let positions: [Result<Position, InputFailure>]
    package let market: Result<Fields, InputFailure>
    /// The record of the symbol's cluster, or of the default cluster if that record is missing.
    package let cluster: Result<Fields, InputFailure>

    package init(
        symbol: Symbol, positions: [Result<Position, InputFailure>], market: Result<Fields, InputFailure>,
        cluster: Result<Fields, InputFailure>
    ) {
        self.symbol = symbol
        self.positions = positions
        self.market = market
        self.cluster = cluster
    }

    /// The newest readable position. If none is readable, the first failure; `.missing` if there is no record.
    var position: Result<Position, InputFailure> {
        let readable = positions.compactMap { try? $0.get() }
        if let newest = readable.max(by: { ($0.timestamp?.microseconds ?? 0) < ($1.timestamp?.microseconds ?? 0) }) {
            return .success(newest)
        }
        for case .failure(let failure) in positions where failure != .missing { return .failure(failure) }
        return .failure(.missing)
    }

    /// Reads all symbols in one round trip.
    static func read(_ connection: inout CycleConnection, _ symbols: [Symbol], clusters: [Symbol: String])
        throws(RedisError)
        -> [SymbolInputs]
    {
        let names = [ClusterStress.defaultCluster] + Set(symbols.compactMap { clusters[$0] }).sorted()
        let keys: [[String]] = symbols.map { symbol in
            (Position.keys + MarketState.keys).compactMap { key in
                if case .perSymbol(let prefix) = key { prefix + symbol.name } else { nil }
            }
        }
        var pipeline = RedisPipeline()
        for name in names { pipeline.add("HGETALL", ClusterStress.keyPrefix + name) }
        for key in keys.joined() { pipeline.add("HGETALL", key) }
        var replies = try connection.send(pipeline).makeIterator()
        func next() -> RedisReply? { replies.next() }

        var stress: [String: Result<Fields, InputFailure>] = [:]
        for name in names { stress[name] = next()?.hash }
        return symbols.map { symbol in
            let positions = Position.keys.map { _ in next()?.record(Position.self) ?? .failure(.missing) }
            let market = next()?.hash ?? .failure(.missing)
            var cluster = stress[clusters[symbol] ?? ClusterStress.defaultCluster] ?? .failure(.missing)
            if case .failure(.missing) = cluster { cluster = stress[ClusterStress.defaultCluster] ?? cluster }
            return SymbolInputs(symbol: symbol, positions: positions, market: market, cluster: cluster)
        }
    }
}
