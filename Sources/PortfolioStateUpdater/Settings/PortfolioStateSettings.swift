import GateAPI
package import Logging
package import Redis

/// The settings of the updater.
package struct PortfolioStateSettings: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case ledger(LedgerSettings)
        case binance(BinanceSettings)
    }

    package var source: Source
    /// Time between writes.
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

    /// Makes the configured source, with its own connection to `redis`: the ledger is there, and the end of a ban by the
    /// exchange.
    package func makeSource(redis: RedisConfiguration, logger: Logger) -> any PortfolioStateSource {
        switch source {
        case .ledger(let settings): LedgerSource(settings: settings, redis: redis)
        case .binance(let settings):
            BinanceAccountSource(
                settings: settings, memory: PauseMemory(redis: RedisSession(redis), logger: logger), logger: logger)
        }
    }
}
