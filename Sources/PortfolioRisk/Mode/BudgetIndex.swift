import GateAPI
import Redis

/// The sorted set `quantum:portfolio:budgets`: the symbols of the live budgets that the service wrote, with the time at
/// which each expires. A script cannot look for keys without holding up Redis.
enum BudgetIndex {
    static let key = "quantum:portfolio:budgets"

    /// The longest search for budgets of other writers. Each step scans so many keys.
    static let patience: Duration = .seconds(2)
    private static let keysPerStep = "5000"

    /// The symbols of all keys of budgets, also of those that an earlier release or another program wrote. `isComplete`
    /// is false if the search took too long.
    static func search(_ connection: RedisConnection) throws(RedisError) -> (symbols: [String], isComplete: Bool) {
        let end = ContinuousClock.now + patience
        var (symbols, cursor): (Set<String>, String) = ([], "0")
        repeat {
            let reply = try connection.command(
                "SCAN", cursor, "MATCH", BudgetRecord.keyPrefix + "*", "COUNT", keysPerStep)
            guard let next = reply.element(0)?.text, let keys = reply.element(1) else {
                throw RedisError(code: .replyUnexpected, message: "the reply to SCAN has no cursor and keys")
            }
            for key in keys.elements {
                guard let name = key.text else { continue }
                symbols.insert(String(name.dropFirst(BudgetRecord.keyPrefix.count)))
            }
            cursor = next
        } while cursor != "0" && ContinuousClock.now < end
        return (Array(symbols), cursor == "0")
    }
}
