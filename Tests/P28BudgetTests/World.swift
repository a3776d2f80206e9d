import GateAPI
import GateTestSupport
import P28Budget
import TradingState

/// An order of 1 at 1820.93 USD, a budget that it just fills, a flat position and no reservations.
struct World: GateWorld {
    var plan: [(String, String)] = [("side", "BUY"), ("qty", "1"), ("price", "1820.93")]
    var budget: Result<PortfolioBudget, InputFailure> = .success(
        PortfolioBudget(budget: Amount(units: 182_093_000_000), isEnforced: true, computedAt: now))
    var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
    var reserved: Result<Reserved<PositionReservations>, InputFailure> = .failure(.missing)
    var settings = P28Budget.Settings()

    var gate: P28Budget { P28Budget(settings: settings) }
    var records: [ReadRecord] { [ReadRecord(budget), ReadRecord(position), ReadRecord(reserved)] }
}
