import GateAPI
@testable import PortfolioRisk
import TradingState

/// Checks that hold for every record that could be read.
enum RecordChecks {
    private static let symbol = Symbol("BTCUSDT")

    static func readAsAll(_ fields: Fields) {
        if let record = try? PortfolioBudget(fields: fields) {
            demand(!record.budget.isNegative, "a budget of zero or more, not \(record.budget)")
        }
        if let record = try? PortfolioHeat(fields: fields) {
            demand(!record.heat.isNegative && record.equity.isPositive, "no heat of \(record.heat) on \(record.equity)")
            readAgain(record, record.fields(bucket: .warm, totalRisk: .one, positions: 1, source: "positions")) {
                $0.heat == record.heat
            }
        }
        if let record = try? Position(fields: fields) {
            demand(record.markPrice.map(\.isPositive) ?? true, "a positive mark price")
        }
        if let record = try? MarketState(fields: fields) {
            demand(record.sigma.map(\.isPositive) ?? true, "a positive volatility")
        }
        if let record = try? CashBalance(fields: fields) { readAgain(record, record.fields) { $0 == record } }
        _ = try? PortfolioState(fields: fields)
        _ = try? KillSwitchState(fields: fields)
        _ = GlobalKillSwitchState(fields: fields)
        let volatility = VolatilityReading(fields: fields)
        demand(
            volatility.stress >= .zero && volatility.stress <= .one, "a stress from 0 to 1, not \(volatility.stress)")
        if let record = ModeRecord(fields: fields) {
            demandEqual(ModeRecord(fields: Fields(record.fields)), record, "the mode")
        }
        if let record = try? Account<PositionPool>(fields: fields) { check(record) }
        _ = AccountBuckets(fields: fields)
    }

    private static func readAgain<Record: StateRecord>(
        _ record: Record, _ pairs: [(name: String, value: String)], _ isSame: (Record) -> Bool
    ) {
        guard let again = try? Record(fields: Fields(pairs)) else {
            return demand(false, "what was written to be read: \(pairs)")
        }
        demand(isSame(again), "\(record), not \(again)")
    }

    private static func check(_ record: Account<PositionPool>) {
        for lane in PositionPool.Lane.allCases {
            demand(!record[lane].isNegative, "no negative sum of \(lane): \(record[lane])")
        }
    }

    /// A ratio has ten digits more than an amount, and saturates.
    static func readRatio(_ text: String) {
        let ratio = Result { () throws(AmountError) in try Ratio(text) }
        let amount = Result { () throws(AmountError) in try Amount(text) }
        switch (ratio, amount) {
        case (.success(let ratio), .success(let amount)):
            demandEqual(
                Result { () throws(AmountError) in try Ratio(ratio.description) }, .success(ratio),
                "what \(ratio) reads as")
            let coarse = Ratio(amount)
            demand(
                ratio <= Ratio(1_000_000_000) && ratio >= Ratio(-1_000_000_000),
                "a ratio within its limits, not \(ratio)")
            // A ratio is rounded up at its eighteenth decimal, an amount to the nearest at its twentieth.
            demand((0...1).contains(ratio.units - coarse.units), "\(text) to be \(coarse), not \(ratio)")
        case (.success(let ratio), .failure(.overflow)):
            demand(
                ratio == Ratio(1_000_000_000) || ratio == Ratio(-1_000_000_000), "a ratio at its limit, not \(ratio)")
        case (.failure(let one), .failure(let other)): demandEqual(one, other, "why \(text) is no ratio")
        default: demand(false, "\(text) to be both a ratio and an amount, or neither")
        }
    }
}
