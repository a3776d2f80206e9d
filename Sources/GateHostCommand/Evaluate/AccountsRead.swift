import GateAPI
import GateHost
import TradingState

/// What is under way, of the accounts that judging a plan read.
struct AccountsRead {
    struct Item {
        /// Pool and symbol, such as `position:BTCUSDT`.
        let account: String
        let lane: String
        let amount: Amount
    }

    let items: [Item]

    init(_ inputs: BatchInputs) {
        items = inputs.raw.sorted { $0.key < $1.key }.flatMap { key, record -> [Item] in
            guard key.hasPrefix(AccountFields.keyPrefix), case .fields(let fields) = record else { return [] }
            let account = String(key.dropFirst(AccountFields.keyPrefix.count))
            let totals = AccountFields.totals(in: fields)
            return (0..<LaneTotals.capacity).filter { !totals[$0].isZero }.map { lane in
                Item(
                    account: account, lane: AccountFields.laneName(lane, inAccount: account), amount: totals[lane])
            }
        }
    }
}
