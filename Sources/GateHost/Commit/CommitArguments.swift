/// The layout of the commit script's arguments. ``CommitEncoder`` sends them in this order, and ``CommitScript`` reads
/// them by these positions.
///
/// The header comes once a call, then the accounts (``LedgerArguments``), then the arguments of each entry. A skip or a
/// dead letter has the first ``Entry/commonCount`` of them, a block ``Entry/blockCount``, a permit all. Then comes the
/// size of the entry's rest, mostly 0. The rest is: the number of further values of the record, these (name, value, …),
/// then, if there are any effects: the number of claims, the ``Claim`` arguments of each, and for each event the
/// ``Event`` arguments and its values.
package enum CommitArguments {
    /// Once a call. Lives are in seconds.
    package enum Header: Int, CaseIterable, Sendable {
        case group, host, configurationHash, now
        case decisionMaxLength, deadLetterMaxLength
        case permitLife, blockLife, outcomeLife
        case permitPrefix, blockPrefix, outcomePrefix

        package static let count = allCases.count

        /// The argument, in Lua.
        var lua: String { "args[\(rawValue + 1)]" }
    }

    /// Of each entry.
    package enum Entry: Int, CaseIterable, Sendable {
        case id, kind, planID, symbol, gate, reason, gates
        case outcome, answer, action, side, quantity, plan
        case computedQuantity, computedNotional

        package static let commonCount = gates.rawValue + 1
        package static let blockCount = plan.rawValue + 1
        package static let permitCount = computedNotional.rawValue + 1

        /// The argument, in Lua, of the entry whose arguments begin at `i`.
        var lua: String { rawValue == 0 ? "args[i]" : "args[i + \(rawValue)]" }
    }

    /// Of each claim.
    package enum Claim: Int, CaseIterable, Sendable {
        /// The account's place in the list of accounts, from 1.
        case account
        case lane
        /// The amount: units of 0.00000001, and whole ones.
        case units, whole
        /// `1` if the decision stands only while the account is full. It then depends on the entries before it.
        case needsFullness

        package static let count = allCases.count

        /// The argument, in Lua, of the claim whose arguments begin at `n`.
        var lua: String { rawValue == 0 ? "args[n]" : "args[n + \(rawValue)]" }
    }

    /// Of each event, before its values.
    package enum Event: Int, CaseIterable, Sendable {
        case stream, maxLength, valueCount

        package static let count = allCases.count

        /// The argument, in Lua, of the event whose arguments begin at `at`.
        var lua: String { rawValue == 0 ? "args[at]" : "args[at + \(rawValue)]" }
    }
}
