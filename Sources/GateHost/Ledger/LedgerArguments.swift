/// The layout of the accounts' arguments, which the commit script and the check of a transaction read: the header, and
/// for each account the ``Account`` arguments, the ``Bound`` arguments of each bound, and the ``Share`` arguments of
/// each share.
package enum LedgerArguments {
    /// Once a call. Lives are in milliseconds.
    package enum Header: Int, CaseIterable, Sendable {
        /// The bucket in which the grants of this call count. It ends with the moment in which it ends, epoch ms by
        /// Redis' clock.
        case label
        /// How long an executed bucket counts without a snapshot that shows it.
        case executedLife
        /// How long an account stays without use.
        case accountLife
        /// The mark of this commit, `{session}.{number}.`, without the number at its end.
        case mark
        /// The mark that is there if nobody else has taken a share since the gates judged: that of the session's last
        /// commit, or of the commit behind which the session has read its accounts.
        case lastMark
        /// The number of the last commit of the session that is known to have come behind others'.
        case since
        /// The number of accounts, and of those at their beginning that are read in any case.
        case count, readCount
        /// The number of arguments that all accounts have together.
        case size

        package static let length = allCases.count

        /// The argument, in Lua, of the header that begins at `at`.
        var lua: String { rawValue == 0 ? "args[at]" : "args[at + \(rawValue)]" }
    }

    /// Of each account.
    package enum Account: Int, CaseIterable, Sendable {
        case key
        /// The time of the record that shows what was executed, as the gates saw it, epoch ms; 0 if there was none.
        case snapshot
        /// How much later than an execution it must be to show it, ms.
        case margin
        /// `1` if that record shows a position, `0` if it shows none, `assumed` if there is no record and the gates assumed
        /// that there is no position, empty if it says nothing new.
        case held
        /// `1` if it is read in any case, and shown buckets are dropped now.
        case isRead
        case boundCount, shareCount

        package static let size = allCases.count

        /// The argument, in Lua, of the account whose arguments begin at `at`.
        var lua: String { rawValue == 0 ? "args[at]" : "args[at + \(rawValue)]" }
    }

    /// Of each bound.
    package enum Bound: Int, CaseIterable, Sendable {
        /// The lanes, one digit each.
        case lanes
        /// `<` at most, `>` more than.
        case relation
        /// The limit: whole, and units of 0.00000001 below one.
        case whole, units

        package static let size = allCases.count

        /// The argument, in Lua, of the bound whose arguments begin at `at`.
        var lua: String { rawValue == 0 ? "args[at]" : "args[at + \(rawValue)]" }
    }

    /// Of each share: an integer that the call's permits add. A transaction adds them by commands of its own.
    package enum Share: Int, CaseIterable, Sendable {
        /// The end of the field's name: the lane, with `w` for whole units.
        case suffix
        case value

        package static let size = allCases.count

        /// The argument, in Lua, of the share whose arguments begin at `at`.
        var lua: String { rawValue == 0 ? "args[at]" : "args[at + \(rawValue)]" }
    }
}
