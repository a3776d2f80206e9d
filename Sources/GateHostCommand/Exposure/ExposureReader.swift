import Deployment
import GateAPI
import GateHost
import Redis
import TradingState

/// Reads what the ledger and the records say of symbols.
struct ExposureReader {
    private let settings: ExposureSettings
    private let answers: AnswersConfiguration
    private static let records: [any StateRecord.Type] =
        [Position.self, PortfolioBudget.self, Account<PositionPool>.self] + Position.legRecords
    /// The number of symbols whose records are read in one round trip.
    private static let piece = 100

    init(_ configuration: HostConfiguration) {
        settings = ExposureSettings(configuration)
        answers = configuration.answers
    }

    func read(_ symbols: [Symbol], _ connection: RedisConnection) throws(RedisError) -> [SymbolExposure] {
        var exposures: [SymbolExposure] = []
        for start in stride(from: 0, to: symbols.count, by: Self.piece) {
            let piece = symbols[start..<min(start + Self.piece, symbols.count)]
            let now = try connection.time()
            let keys = piece.flatMap { symbol in Self.records.map { InputKey($0, symbol) } }
            let reader = InputReader()
            var commands = RedisPipeline()
            reader.encode(keys, into: &commands)
            let batch = reader.decode(keys, try connection.send(commands), now: now)
            exposures += piece.map { exposure($0, batch) }
        }
        return exposures
    }

    private func exposure(_ symbol: Symbol, _ batch: BatchInputs) -> SymbolExposure {
        let key = InputKey(Account<PositionPool>.self, symbol).redisKeys.first ?? ""
        let account = AccountReading(
            batch.raw[key] ?? .missing, snapshot: batch.inputs.time(of: Position.self, symbol), now: batch.inputs.now,
            answers)
        return SymbolExposure(symbol, settings, batch.inputs, account)
    }
}
