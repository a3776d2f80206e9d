import GateAPI
import GateHost
import TradingState

/// The reservations among the records that judging a plan read.
struct ReservationsInForce {
    struct Item {
        /// Pool and symbol, such as `position:BTCUSDT`.
        let pool: String
        let planID: String
        let amount: Amount
        let secondsLeft: Int64
        let isExecuted: Bool
    }

    let items: [Item]

    init(_ inputs: BatchInputs, now: Timestamp) {
        items = inputs.raw.sorted { $0.key < $1.key }.flatMap { key, record -> [Item] in
            guard key.hasPrefix(ReservationFields.keyPrefix), case .fields(let fields) = record,
                let reserved = try? Reserved<AnyPool>(fields: fields)
            else { return [] }
            return reserved.inForce(at: now, shown: nil).map { reservation in
                Item(
                    pool: String(key.dropFirst(ReservationFields.keyPrefix.count)), planID: reservation.planID,
                    amount: reservation.amount,
                    secondsLeft: reservation.expiresAt.since(now).components.seconds,
                    isExecuted: reservation.executedAt != nil)
            }
        }
    }

    /// Every pool writes its reservations alike.
    private enum AnyPool: ReservationPool {
        static let name = "any"
    }
}
