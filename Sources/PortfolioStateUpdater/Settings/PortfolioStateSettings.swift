import GateAPI
package import Logging
package import Redis

/// How the updater runs, and what it reads.
package struct PortfolioStateSettings: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case ledger(LedgerSettings)
        case binance(BinanceSettings)
    }

    package var source: Source
    /// From one write to the next.
    package var interval: Duration
    /// A reading older than this is not written.
    package var maximumAge: Duration

    package init(
        source: Source = .ledger(LedgerSettings()), interval: Duration = .seconds(5),
        maximumAge: Duration = .seconds(30)
    ) {
        self.source = source
        self.interval = interval
        self.maximumAge = maximumAge
    }

    /// The source that these settings choose. The ledger reads from `redis`, over a connection of its own.
    package func makeSource(redis: RedisConfiguration, logger: Logger) -> any PortfolioStateSource {
        switch source {
        case .ledger(let settings): LedgerSource(settings: settings, redis: redis)
        case .binance(let settings): BinanceAccountSource(settings: settings, logger: logger)
        }
    }
}
