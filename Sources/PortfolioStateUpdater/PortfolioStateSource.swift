package import GateAPI

/// A source of the portfolio state.
package protocol PortfolioStateSource: Sendable {
    /// The `source` field of the record.
    var name: String { get }
    /// Reads the portfolio once. Bounded in time and memory.
    func read() async throws(PortfolioStateFailure) -> PortfolioReading
    /// Closes connections. No read follows.
    func close() async
}

/// A reading of the portfolio, in USD.
package struct PortfolioReading: Sendable, Equatable {
    /// Cash, without unrealized profit.
    package var balance: Amount
    package var unrealizedProfit: Amount
    /// Cash plus unrealized profit.
    package var equity: Amount
    /// Number of open positions.
    package var positionCount: Int
    /// Σ |quantity| · mark price over the positions.
    package var positionsNotional: Amount
    /// The oldest inputs of each kind behind the numbers; at least one.
    package var inputs: [DatedInput]
    /// The parts of the portfolio that the numbers leave out.
    package var exclusions: [Exclusion]

    package init(
        balance: Amount, unrealizedProfit: Amount, equity: Amount, positionCount: Int, positionsNotional: Amount,
        inputs: [DatedInput], exclusions: [Exclusion] = []
    ) {
        self.balance = balance
        self.unrealizedProfit = unrealizedProfit
        self.equity = equity
        self.positionCount = positionCount
        self.positionsNotional = positionsNotional
        self.inputs = inputs
        self.exclusions = exclusions
    }

    /// The time of the oldest input that counts.
    package var asOf: Timestamp { inputs.map(\.takenAt).min() ?? Timestamp(seconds: 0) }
}

/// A record or an answer behind a reading.
package struct DatedInput: Sendable, Equatable {
    /// Names it in messages, such as `the position record of BTCUSDT`.
    package var name: String
    package var takenAt: Timestamp
    /// Its maximum age; `nil`: the updater's.
    package var limit: Duration?

    package init(_ name: String, takenAt: Timestamp, limit: Duration? = nil) {
        self.name = name
        self.takenAt = takenAt
        self.limit = limit
    }
}
