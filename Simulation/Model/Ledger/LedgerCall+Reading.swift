import TradingState

extension LedgerCall {
    /// The time of the record under a key, epoch ms; 0 if it tells none, or one in the future.
    func stamp(_ key: String, _ field: String) -> Int64 {
        guard let seconds = value(key, field).flatMap({ Double($0) }), seconds < 1e12 else { return 0 }
        let moment = Int64((seconds * 1_000).rounded(.up))
        return moment <= time + Self.tolerance ? moment : 0
    }

    /// `EVALSHA digest 0 key old executed-life margin field record…`: reads one account.
    func read(_ arguments: [String]) -> [(name: String, value: String)] {
        let (key, old) = (arguments[0], arguments[1])
        if old != "", server.lookup(key) == nil { inherit(key, old) }
        guard server.isHash(key) else { return [] }
        let all = server.fields(key)
        if Self.isDamaged(all) { return all }
        let newest = arguments[5...].map { stamp($0, arguments[4]) }.max() ?? 0
        tidy(
            key, snapshot: max(0, newest), margin: Int64(arguments[3]) ?? 0, executedLife: Int64(arguments[2]) ?? 0)
        server.audit?.checkTotal(key, server)
        return server.fields(key)
    }

    /// Takes over what an earlier release has reserved: a hash of `amount expires executed` by plan.
    private func inherit(_ key: String, _ old: String) {
        let all = server.fields(old)
        guard !all.isEmpty else { return }
        for field in all {
            let isSell = field.value.hasPrefix("-")
            let parts = field.value.dropFirst(isSell ? 1 : 0).split(separator: " ", omittingEmptySubsequences: false)
            let amount = parts.first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
            guard parts.count == 3, (1...2).contains(amount.count), let whole = Int64(amount[0]),
                let end = Int64(parts[1]), Int64(parts[2]) != nil
            else {
                if field.name != "last entry" { damaged += 1 }
                continue
            }
            guard end > time else { continue }
            let fraction = (amount.count > 1 ? String(amount[1]) : "") + "00000000"
            let bucket =
                parts[2] == "0" ? "\(AccountFields.given)old.\(end)" : AccountFields.executed + String(parts[2])
            let lane = isSell ? "1" : "0"
            for (suffix, value) in [(lane, Int64(fraction.prefix(8)) ?? 0), (lane + "w", whole)] {
                add(key, AccountFields.total + suffix, value)
                add(key, "\(bucket):\(suffix)", value)
            }
        }
        server.delete(old)
        server.expire(key, in: 7_200_000)
    }
}
