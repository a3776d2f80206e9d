import GateAPI
import GateTestSupport
import P28Budget
import TradingState

/// An order of 1 at 1820.93 USD, a budget that it just fills, a flat position and nothing under way.
struct World: LedgerWorld {
    var plan: [(String, String)] = [("side", "BUY"), ("qty", "1"), ("price", "1820.93")]
    var budget: Result<PortfolioBudget, InputFailure> = .success(
        PortfolioBudget(budget: Amount(units: 182_093, decimals: 2), isEnforced: true, computedAt: now))
    var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
    var long: Result<LongPosition, InputFailure> = .failure(.missing)
    var short: Result<ShortPosition, InputFailure> = .failure(.missing)
    var account: Result<Account<PositionPool>, InputFailure> = .failure(.missing)
    var settings = P28Budget.Settings()

    var gate: P28Budget { P28Budget(settings: settings) }
    var records: [ReadRecord] { [ReadRecord(budget)] + exposureRecords }

    /// A plan in words at a price of 100; the budget buys 18 and a little more.
    static func order(
        _ plan: String, at position: Amount, _ underWay: [(PositionPool.Lane, Amount)] = []
    ) -> World {
        var world = World(plan: LedgerRow.pairs(plan) + [("price", "100")])
        world.position = .success(Position(quantity: position, markPrice: 100, timestamp: now))
        world.account = .success(Account(underWay))
        return world
    }
}
