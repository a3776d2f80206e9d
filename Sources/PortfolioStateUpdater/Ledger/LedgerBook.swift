import GateAPI
import TradingState

/// Computes a reading from the ledger records. Pure.
struct LedgerBook {
    let settings: LedgerSettings
    let now: Timestamp

    func reading(of records: LedgerRecords) throws(PortfolioStateFailure) -> PortfolioReading {
        let cash = try cash(records.cash)
        let ledger = try LedgerPositions(records.positions, maximumAge: settings.maximumPositionAge, now: now)
        let inputs = [
            DatedInput(Self.cashName, takenAt: cash.recordedAt, limit: settings.maximumCashAge),
            try ageBasis(ledger),
        ]
        do throws(AmountError) {
            var profit = Amount.zero
            var notional = Amount.zero
            for valuation in ledger.open.lazy.compactMap(\.position.valuation) {
                profit = try profit + valuation.unrealizedProfit
                notional = try notional + valuation.notional
            }
            return PortfolioReading(
                balance: cash.balance, unrealizedProfit: profit, equity: try cash.balance + profit,
                positionCount: ledger.open.count, positionsNotional: notional, inputs: inputs,
                exclusions: ledger.exclusions)
        } catch {
            throw PortfolioStateFailure(error, computing: "the equity")
        }
    }

    private static let cashName = "the cash balance"

    /// The updater checks its age, as that of positions.
    private func cash(_ raw: Result<Fields?, InputFailure>) throws(PortfolioStateFailure) -> CashBalance {
        do throws(InputFailure) {
            guard let fields = try raw.get() else { throw .missing }
            return try CashBalance(fields: fields)
        } catch {
            throw PortfolioStateFailure(error, in: Self.cashName)
        }
    }

    /// Chooses the record that determines the age of the positions: the oldest open one that counts. If none is open,
    /// the newest record counts: publishers also write flat positions, so it shows that they are alive.
    private func ageBasis(_ ledger: LedgerPositions) throws(PortfolioStateFailure) -> DatedInput {
        if let oldest = ledger.open.min(by: { $0.position.takenAt < $1.position.takenAt }) {
            return DatedInput(LedgerPositions.name(oldest.symbol), takenAt: oldest.position.takenAt)
        }
        if let newest = ledger.newest {
            return DatedInput(LedgerPositions.name(newest.symbol), takenAt: newest.takenAt)
        }
        guard settings.emptyIsFlat else {
            throw PortfolioStateFailure(
                .inputMissing,
                "there is no position record, not even a flat one: is the publisher of positions running?")
        }
        return DatedInput("the empty ledger", takenAt: now)
    }
}
