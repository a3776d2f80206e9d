import TradingState

/// A call that settles grants: its arguments, and what it changes. Written from docs/EXPOSURE_LEDGER.md.
struct Settlement {
    /// A plan's grant, as its outcome record has it.
    struct Grant {
        struct Share {
            let account: String
            /// The lane, with `w` for whole units.
            let suffix: String
            let value: Int64

            var isOfPosition: Bool { account.hasPrefix("position:") }
            var lane: Character { suffix.first ?? " " }
            var opens: Bool { isOfPosition && "0146".contains(lane) }
        }

        let key: String
        let head: String
        var state: String
        var label: String
        let list: String
        let shares: [Share]
    }

    let server: ModelServer
    let call: LedgerCall
    let accountPrefix: String
    private let outcomePrefix: String
    private let permitPrefix: String
    let accountLife: Int64
    let executedLife: Int64
    /// The records that show executions, by pool: the field with the time, and what stands in their keys before and behind
    /// the symbol.
    private(set) var pools: [String: (field: String, keys: [(prefix: String, suffix: String)])] = [:]
    /// The arguments behind the header.
    let rest: ArraySlice<String>

    /// What the call adds to fields, by account.
    var changes: [String: [String: Int64]] = [:]
    /// The time of the call's executions by account, and whether one of them may open a position.
    var executed: [String: (at: Int64, opens: Bool)] = [:]

    init(_ server: ModelServer, _ arguments: ArraySlice<String>) {
        var rest = arguments
        func next() -> String {
            guard let argument = rest.popFirst() else { fatalError("a settlement ends in its header") }
            return argument
        }
        self.server = server
        call = LedgerCall(server)
        (accountPrefix, outcomePrefix, permitPrefix) = (next(), next(), next())
        accountLife = Int64(next()) ?? 0
        executedLife = Int64(next()) ?? 0
        for _ in 0..<(Int(next()) ?? 0) {
            let (name, field, count) = (next(), next(), Int(next()) ?? 0)
            pools[name] = (field, (0..<count).map { _ in (next(), next()) })
        }
        self.rest = rest
    }

    func grant(_ plan: String) -> Grant? {
        guard case .text(let text)? = server.lookup(outcomePrefix + plan)?.value else { return nil }
        let parts = text.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 5, parts[2] == "permit", !parts[..<5].contains("") else { return nil }
        let list = parts.count > 5 ? parts[5] : ""
        let words = list.split(separator: " ").map(String.init)
        let shares = stride(from: 0, to: words.count - 2, by: 3).compactMap { index -> Grant.Share? in
            guard let value = Int64(words[index + 2]) else { return nil }
            return Grant.Share(account: words[index], suffix: words[index + 1], value: value)
        }
        return Grant(
            key: outcomePrefix + plan, head: parts[...2].joined(separator: " "), state: parts[3], label: parts[4],
            list: list, shares: shares)
    }

    func become(_ state: GrantState, _ grant: inout Grant) {
        grant.state = state.rawValue
        server.replace(grant.key, text: "\(grant.head) \(grant.state) \(grant.label) \(grant.list)")
    }

    /// Deletes the permit. Returns whether it was still there.
    func withdraw(_ plan: String) -> Bool {
        guard server.lookup(permitPrefix + plan) != nil else { return false }
        server.delete(permitPrefix + plan)
        return true
    }
}
