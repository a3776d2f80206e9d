package import GateAPI

/// A permit's share of the accounts, as the outcome record of its plan keeps it.
package struct Grant: Sendable, Equatable {
    package struct Share: Sendable, Equatable {
        /// Pool and symbol, such as `position:BTCUSDT`.
        package let account: String
        package let lane: Int
        package let amount: Amount
    }

    package let state: GrantState
    /// The label of the bucket that the shares count in; `-` if there are none.
    package let label: String
    package let shares: [Share]

    /// What the text of an outcome record says of shares.
    package enum Reading: Sendable, Equatable {
        /// A block, or a permit of an earlier release.
        case none
        case grant(Grant)
        case damaged
    }

    package static func read(outcome text: String) -> Reading {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count >= 3 else { return .damaged }
        guard parts[2] == "permit", parts.count > 3 else { return .none }
        guard parts.count > 4, let state = GrantState(rawValue: parts[3]), (parts.count - 5).isMultiple(of: 3) else {
            return .damaged
        }
        var totals: [(account: String, lanes: LaneTotals)] = []
        for index in stride(from: 5, to: parts.count, by: 3) {
            if totals.last?.account != parts[index] { totals.append((parts[index], LaneTotals())) }
            guard LedgerAmount.add(parts[index + 1], parts[index + 2], to: &totals[totals.count - 1].lanes) else {
                return .damaged
            }
        }
        let shares = totals.flatMap { account, lanes in
            (0..<LaneTotals.capacity).filter { !lanes[$0].isZero }.map {
                Share(account: account, lane: $0, amount: lanes[$0])
            }
        }
        return .grant(Grant(state: state, label: parts[4], shares: shares))
    }
}
