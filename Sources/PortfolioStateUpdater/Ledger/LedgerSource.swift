import GateAPI
package import Redis
import TradingState

/// Reads the portfolio from Redis: a cash balance, and the position records of the execution layer.
package struct LedgerSource: PortfolioStateSource {
    package let name = "ledger"

    private let settings: LedgerSettings
    private let redis: RedisSession
    private let clocks: Clocks

    package init(settings: LedgerSettings, redis: RedisConfiguration, clocks: Clocks = .system) {
        self.settings = settings
        self.redis = RedisSession(redis)
        self.clocks = clocks
    }

    package func read() async throws(PortfolioStateFailure) -> PortfolioReading {
        let records = try await redis.run { connection throws(PortfolioStateFailure) in
            try LedgerRecords(reading: connection)
        }
        return try LedgerBook(settings: settings, now: clocks.wall()).reading(of: records)
    }

    package func close() async {
        await redis.close()
    }
}

package struct LedgerSettings: Sendable, Equatable {
    /// Maximum age of the cash balance.
    package var maximumCashAge: Duration
    /// Whether a ledger without any position record is a flat portfolio. Otherwise its publisher is assumed dead.
    package var emptyIsFlat: Bool

    package init(maximumCashAge: Duration = .seconds(3_600), emptyIsFlat: Bool = false) {
        self.maximumCashAge = maximumCashAge
        self.emptyIsFlat = emptyIsFlat
    }
}
