import GateAPI
import TradingState

extension RedisFixture {
    /// The totals of an account of the ledger as `lane=amount …`.
    package func totals(of account: String) throws -> String {
        let pairs = try hash(account).map { (name: $0.key, value: $0.value) }
        let totals = AccountFields.totals(in: Fields(pairs))
        return (0..<LaneTotals.capacity).filter { !totals[$0].isZero }.map { "\($0)=\(totals[$0])" }
            .joined(separator: " ")
    }
}
