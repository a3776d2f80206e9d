import GateAPI
import Logging
import Redis
import TradingState

/// Reads the symbols of recent plans, on a connection of its own. Whoever may publish plans decides how large they are:
/// a failure here means no symbols from there, and never touches the state, the positions or the budgets.
struct PlanSymbols {
    /// Redis looks at no more of the plans in one read, up to the end of the entry that reaches it.
    static let maximumBytes = 4 << 20
    /// A longer text is no symbol. It bounds the reply, with the number of plans.
    private static let longestSymbol = 64
    /// After a failure the plans are left alone for this long.
    private static let pause: Duration = .seconds(60)

    private let redis: RedisConfiguration
    private let lookback: Int
    private let logger: Logger
    private var connection: RedisConnection?
    private var pauseEnds: ContinuousClock.Instant?

    init(_ redis: RedisConfiguration, lookback: Int, logger: Logger) {
        self.redis = redis
        self.lookback = lookback
        self.logger = logger
    }

    /// The symbols of the newest plans, newest first. Plans without a valid symbol are skipped; the gate host reports
    /// those.
    mutating func read() -> [Symbol] {
        if let pauseEnds, ContinuousClock.now < pauseEnds { return [] }
        pauseEnds = nil
        guard lookback > 0 else { return [] }
        do throws(RedisError) {
            return try connected().command(
                "EVAL_RO", Self.script, "1", GovernorStreams.plans, String(lookback), String(Self.maximumBytes),
                String(Self.longestSymbol)
            ).elements.compactMap { $0.text.flatMap { Symbol($0) } }
        } catch {
            disconnect()
            pauseEnds = ContinuousClock.now + Self.pause
            logger.warning(
                "the symbols of recent plans cannot be read; positions and SYMBOL_UNIVERSE get budgets without them",
                metadata: ["error": "\(error)", "retry_in": "\(Self.pause)"])
            return []
        }
    }

    /// The next read connects again: the server may not be the master any more.
    mutating func disconnect() {
        connection?.close()
        connection = nil
    }

    private mutating func connected() throws(RedisError) -> RedisConnection {
        if let connection { return connection }
        let connection = try RedisConnection(redis)
        self.connection = connection
        return connection
    }

    /// One entry at a time, because Redis copies the whole answer to a script.
    private static let script = """
        local symbols, bytes, last = {}, 0, '+'
        for n = 1, tonumber(ARGV[1]) do
          local entry = redis.call('XREVRANGE', KEYS[1], last, '-', 'COUNT', 1)[1]
          if not entry or bytes >= tonumber(ARGV[2]) then break end
          last = '(' .. entry[1]
          local symbol
          for i = 1, #entry[2], 2 do
            local name, value = entry[2][i], entry[2][i + 1]
            bytes = bytes + #name + #value
            if name == 'symbol' and not symbol then symbol = value end
          end
          if symbol and #symbol <= tonumber(ARGV[3]) then symbols[#symbols + 1] = symbol end
        end
        return symbols
        """
}
