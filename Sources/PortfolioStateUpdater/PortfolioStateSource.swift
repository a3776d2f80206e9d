package import GateAPI

/// Where the state of the portfolio comes from.
package protocol PortfolioStateSource: Sendable {
    /// The `source` field of what is written.
    var name: String { get }
    /// Reads the portfolio once. Bounded in time and memory.
    func read() async throws(PortfolioStateFailure) -> PortfolioReading
    /// Lets connections go. Nothing is read afterwards.
    func close() async
}

/// The portfolio as a source saw it. In USD.
package struct PortfolioReading: Sendable, Equatable {
    /// Cash, without unrealized profit.
    package var balance: Amount
    package var unrealizedProfit: Amount
    /// Cash and unrealized profit.
    package var equity: Amount
    /// Positions that are not flat.
    package var positionCount: Int
    /// Σ |quantity| · mark price over the positions.
    package var positionsNotional: Amount
    /// The time of the oldest record that the numbers rest on.
    package var asOf: Timestamp
    /// What that record is, for messages: `the snapshot of BTCUSDT`.
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
