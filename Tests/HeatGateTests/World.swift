import GateAPI
import GateTestSupport
import HeatGate
import TradingState

/// An order of 1000 USD, a cold portfolio with an equity of 100000 USD, a flat position and nothing under way. At a
/// sigma of 0.01 the order adds 0.0001 of heat.
struct World: LedgerWorld {
    var plan: [(String, String)] = [("side", "BUY"), ("qty", "10"), ("price", "100")]
    var heat: Result<PortfolioHeat, InputFailure> = .success(PortfolioHeat(heat: 0, equity: 100_000, computedAt: now))
    var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
    var market: Result<MarketState, InputFailure> = .failure(.missing)
    var long: Result<LongPosition, InputFailure> = .failure(.missing)
    var short: Result<ShortPosition, InputFailure> = .failure(.missing)
    var account: Result<Account<PositionPool>, InputFailure> = .failure(.missing)
    var held: Result<Account<HeatPool>, InputFailure> = .failure(.missing)
    var settings = HeatGate.Settings()

    var gate: HeatGate { get throws { try HeatGate(settings: settings) } }
    var records: [ReadRecord] { [ReadRecord(heat), ReadRecord(market), ReadRecord(held)] + exposureRecords }

    static func heat(_ text: String) throws -> Result<PortfolioHeat, InputFailure> {
        .success(PortfolioHeat(heat: try Amount(text), equity: 100_000, computedAt: now))
    }
}
