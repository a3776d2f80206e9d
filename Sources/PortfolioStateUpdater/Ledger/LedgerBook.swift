import GateAPI
import TradingState

/// Computes a reading from the ledger records. Pure.
struct LedgerBook {
    let settings: LedgerSettings
    let now: Timestamp

    func reading(of records: LedgerRecords) throws(PortfolioStateFailure) -> PortfolioReading {
        let cash = try cash(records.cash)
        let positions = try positions(records.positions)
        let open = positions.filter { $0.position.valuation != nil }
        let (basis, asOf) = try ageBasis(positions, open)
        do throws(AmountError) {
            var profit = Amount.zero
            var notional = Amount.zero
            for valuation in open.lazy.compactMap(\.position.valuation) {
                profit = try profit + valuation.unrealizedProfit
                notional = try notional + valuation.notional
            }
            return PortfolioReading(
                balance: cash.balance, unrealizedProfit: profit, equity: try cash.balance + profit,
                positionCount: open.count,
                positionsNotional: notional, asOf: asOf, basis: basis)
        } catch {
            throw PortfolioStateFailure(error, computing: "the equity")
        }
    }

    private func cash(_ raw: Result<Fields?, InputFailure>) throws(PortfolioStateFailure) -> CashBalance {
        do throws(InputFailure) {
            guard let fields = try raw.get() else { throw .missing }
            let cash = try CashBalance(fields: fields)
            let age = now.since(cash.recordedAt)
            guard age <= settings.maximumCashAge else { throw .stale(age: age, limit: settings.maximumCashAge) }
            guard age >= .zero - Inputs.clockSkewTolerance else { throw .futureDated(by: .zero - age) }
            return cash
        } catch {
            throw PortfolioStateFailure(error, in: "the cash balance")
        }
    }

    /// The newest readable record of each symbol. A symbol without a readable record makes the sums unknown.
    private func positions(_ raw: [Symbol: [Result<Fields?, InputFailure>]]) throws(PortfolioStateFailure) -> [(
        symbol: Symbol, position: LedgerPosition
    )] {
        var result: [(symbol: Symbol, position: LedgerPosition)] = []
        // In order, so that the same one of several bad records is reported each time.
        for (symbol, generations) in raw.sorted(by: { $0.key.name < $1.key.name }) {
            var newest: LedgerPosition?
            var failure: InputFailure?
            for generation in generations {
                do throws(InputFailure) {
                    // The record expired after it was listed.
                    guard let fields = try generation.get() else { continue }
                    let position = try LedgerPosition(fields: fields)
                    if let current = newest, position.takenAt <= current.takenAt { continue }
                    newest = position
                } catch {
                    failure = failure ?? error
                }
            }
            if let newest {
                result.append((symbol, newest))
            } else if let failure {
                throw PortfolioStateFailure(failure, in: Self.name(symbol))
            }
        }
        return result
    }

    /// Chooses the record that determines the age of the sums: the oldest open position. If all positions are flat, the
    /// newest record counts: publishers also write flat positions, so it shows that they are alive.
    private func ageBasis(
        _ positions: [(symbol: Symbol, position: LedgerPosition)], _ open: [(symbol: Symbol, position: LedgerPosition)]
    ) throws(PortfolioStateFailure) -> (String, Timestamp) {
        let record =
            open.min { $0.position.takenAt < $1.position.takenAt }
            ?? positions.max { $0.position.takenAt < $1.position.takenAt }
        if let record { return (Self.name(record.symbol), record.position.takenAt) }
        guard settings.emptyIsFlat else {
            throw PortfolioStateFailure(
                .inputMissing,
                "there is no position record, not even a flat one: is the publisher of positions running?")
        }
        return ("the empty ledger", now)
    }

    private static func name(_ symbol: Symbol) -> String { "the position record of \(symbol)" }
}
