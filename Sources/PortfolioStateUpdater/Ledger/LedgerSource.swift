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
    /// Maximum age of the cash balance. The state has its timestamp if it is the oldest input, so a longer one is of use
    /// only to readers that accept such a state.
    package var maximumCashAge: Duration
    /// Open positions whose records are older are left out.
    package var maximumPositionAge: Duration
    /// Whether a ledger without any position record is a flat portfolio. Otherwise its publisher is assumed dead.
    package var emptyIsFlat: Bool

    package init(
        maximumCashAge: Duration = .seconds(30), maximumPositionAge: Duration = .seconds(300), emptyIsFlat: Bool = false
    ) {
        self.maximumCashAge = maximumCashAge
        self.maximumPositionAge = maximumPositionAge
        self.emptyIsFlat = emptyIsFlat
    }
}
