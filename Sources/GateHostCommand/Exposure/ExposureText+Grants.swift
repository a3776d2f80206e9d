import GateAPI
import Platform
import TradingState

extension ExposureText {
    static func grants(_ list: GrantList) -> [String] {
        var texts = [list.items.isEmpty ? "none" : "\(list.items.count), newest first"]
        let width = min(list.items.map(\.planID.count).max() ?? 0, 40)
        for item in list.items {
            let shares = item.shares.map { share in
                let pool = share.account.prefix { $0 != ":" }
                let lane = AccountFields.laneName(share.lane, inAccount: share.account)
                return (pool == PositionPool.name ? lane : "\(pool) \(lane)") + " \(amount(share.amount))"
            }
            let permit =
                item.permitLeft.map { "  permit \(seconds($0)) left" }
                ?? (item.standing == .given ? "  permit gone" : "")
            texts.append(
                """
                \(padded(item.planID.visible, width))  \(padded(item.standing.rawValue, 8))  \
                \(shares.joined(separator: ", "))  \(age(item.age))\(permit)
                """)
        }
        texts += list.damaged.map { "DAMAGED: the outcome record of \($0.visible) cannot be read" }
        if let stopped = list.stopped { texts.append(stopped) }
        return texts
    }
}
