import GateAPI
import TradingState

/// A position record with its entry price, which gates do not use. Same keys as ``Position``.
struct LedgerPosition: StateRecord, Equatable {
    static let keys = Position.keys

    /// Signed quantity in the base asset.
    let quantity: Amount
    /// The value of an open position; `nil` for a flat one, whose prices are meaningless.
    let valuation: Valuation?
    let takenAt: Timestamp

    struct Valuation: Equatable {
        /// |quantity| · mark price, in USD.
        let notional: Amount
        /// quantity · (mark price - entry price), in USD.
        let unrealizedProfit: Amount
    }

    var timestamp: Timestamp? { takenAt }

    init(fields: Fields) throws(InputFailure) {
        quantity = try fields.required("position_amt")
        takenAt = try fields.timestamp("ts_epoch")
        guard !quantity.isZero else {
            valuation = nil
            return
        }
        let entry = try fields.required("entry_price")
        guard entry.isPositive else { throw .malformed(field: "entry_price") }
        let mark = try fields.required("mark_price")
        guard mark.isPositive else { throw .malformed(field: "mark_price") }
        do throws(AmountError) {
            valuation = Valuation(
                notional: try quantity.magnitude * mark, unrealizedProfit: try quantity * (try mark - entry))
        } catch {
            throw .malformed(field: "position_amt")
        }
    }
}
