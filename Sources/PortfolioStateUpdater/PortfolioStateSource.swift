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
    /// The timestamp of the oldest record behind the numbers.
    package var asOf: Timestamp
    /// Names that record in messages, such as `the position record of BTCUSDT`.
    package var basis: String

    package init(
        balance: Amount, unrealizedProfit: Amount, equity: Amount, positionCount: Int, positionsNotional: Amount,
        asOf: Timestamp, basis: String
    ) {
        self.balance = balance
        self.unrealizedProfit = unrealizedProfit
        self.equity = equity
        self.positionCount = positionCount
        self.positionsNotional = positionsNotional
        self.asOf = asOf
        self.basis = basis
    }
}
