import GateAPI

/// The budgets that this process has written and that readers may still see. Those of symbols that are no longer
/// computed take a part of the cap on the sum until they expire.
struct LiveBudgets {
    /// Bounds memory: twice the largest ``RiskSettings/maximumSymbols``. Beyond it the oldest are forgotten.
    static let maximum = 20_000

    private var budgets: [Symbol: (amount: Amount, written: Timestamp, life: Duration)] = [:]

    /// The sum of the live budgets of all other symbols, in USD.
    mutating func sum(besides symbols: [Symbol], now: Timestamp) -> Amount {
        budgets = budgets.filter { now.since($0.value.written) < $0.value.life }
        let computed = Set(symbols)
        return BudgetCap.sum(budgets.filter { !computed.contains($0.key) }.map(\.value.amount))
    }

    mutating func add(_ records: [BudgetRecord], for life: Duration, from now: Timestamp) {
        for record in records { budgets[record.symbol] = (record.budget.amount, now, life) }
        guard budgets.count > Self.maximum else { return }
        for (symbol, _) in budgets.sorted(by: { $0.value.written < $1.value.written }).prefix(
            budgets.count - Self.maximum)
        {
            budgets[symbol] = nil
        }
    }
}
