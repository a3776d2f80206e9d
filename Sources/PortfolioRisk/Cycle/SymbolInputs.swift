package import GateAPI
import Redis
package import TradingState

/// The inputs of one symbol.
package struct SymbolInputs: Sendable {
    package let symbol: Symbol
    /// One per generation of the position's key, and one per key in another spelling.
    let positions: [PositionGeneration<Position>]
    package let market: Result<Fields, InputFailure>
    /// The record of the symbol's cluster, or of the default cluster if that record is missing.
    package let cluster: Result<Fields, InputFailure>
    /// The name of the cluster whose record that is.
    package let clusterName: String

    init(
        symbol: Symbol, positions: [PositionGeneration<Position>], market: Result<Fields, InputFailure>,
        cluster: Result<Fields, InputFailure>, clusterName: String = ClusterStress.defaultCluster
    ) {
        self.symbol = symbol
        self.positions = positions
        self.market = market
        self.cluster = cluster
        self.clusterName = clusterName
    }

    /// The newest position, readable or not; `.missing` if there is no record.
    var position: Result<Position, InputFailure> { PositionGeneration.newest(positions)?.record ?? .failure(.missing) }

    /// The newest position that can be read: the best that is known of an unreadable one.
    var readablePosition: Position? {
        PositionGeneration.newest(positions.filter { (try? $0.record.get()) != nil }).flatMap { try? $0.record.get() }
    }

    /// Whether something is held, as far as is known. An unreadable position may be.
    var mayBeHeld: Bool {
        switch position {
        case .success(let position): position.isHeld
        case .failure(let failure): failure != .missing
        }
    }

    /// Reads all symbols in one round trip.
    ///
    /// - Parameter misspelled: further keys of a symbol's position, in another spelling.
    static func read(
        _ connection: inout CycleConnection, _ symbols: [Symbol], misspelled: [Symbol: Set<String>] = [:],
        clusters: [Symbol: String]
    ) throws(RedisError) -> [SymbolInputs] {
        let misspelled = misspelled.mapValues { $0.sorted() }
        let names = [ClusterStress.defaultCluster] + Set(symbols.compactMap { clusters[$0] }).sorted()
        let keys: [[String]] = symbols.map { symbol in
            (Position.keys + MarketState.keys).compactMap { key in
                if case .perSymbol(let prefix) = key { prefix + symbol.name } else { nil }
            } + (misspelled[symbol] ?? [])
        }
        var pipeline = RedisPipeline()
        for name in names { pipeline.add("HGETALL", ClusterStress.keyPrefix + name) }
        for key in keys.joined() { pipeline.add("HGETALL", key) }
        var replies = try connection.send(pipeline).makeIterator()
        func next() -> RedisReply? { replies.next() }

        var stress: [String: Result<Fields, InputFailure>] = [:]
        for name in names { stress[name] = next()?.hash }
        return symbols.map { symbol in
            func position(isMisspelled: Bool) -> PositionGeneration<Position> {
                PositionGeneration(next()?.hash ?? .failure(.missing), isMisspelled: isMisspelled)
            }
            let spelled = Position.keys.map { _ in position(isMisspelled: false) }
            let market = next()?.hash ?? .failure(.missing)
            let others = (misspelled[symbol] ?? []).map { _ in position(isMisspelled: true) }
            var name = clusters[symbol] ?? ClusterStress.defaultCluster
            if case .failure(.missing) = stress[name] ?? .failure(.missing) { name = ClusterStress.defaultCluster }
            return SymbolInputs(
                symbol: symbol, positions: spelled + others, market: market,
                cluster: stress[name] ?? .failure(.missing), clusterName: name)
        }
    }
}
