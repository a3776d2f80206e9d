import TradingState

/// The atomic commit of a large batch as plain commands between MULTI and EXEC. It costs Redis a fifth less time than
/// ``CommitScript``, because no value passes through Lua.
///
/// The transaction writes just what the script would, or nothing. The check runs before it. It verifies that at least
/// as many entries are pending as the batch has, that no host has claimed any, and that no plan id has an outcome or
/// the answer to be written. Watched keys (``CommitKeys``) cover the time between check and EXEC: every commit touches
/// one, every claim deletes another, and one expires if EXEC comes so late that shares would count too briefly. If Redis
/// does not execute the transaction, the host judges its entries again and commits them with the script.
///
/// The script does one thing better. Another Governor may give a permit between check and EXEC without touching either
/// key. That permit stays, but this host's record says that this host gave one; the script would say `permit_exists`.
/// Watching each permit's key would cost a tenth of Redis' time, so the host logs an error instead.
package enum CommitTransaction {
    /// Keys: the plans' stream, the decision stream, the commits key, the claims mark. Arguments: the group, the mark
    /// that was there before the entries were read, the number of entries, then the keys that must not exist. Returns
    /// 1, or 0 after it has made the transaction fail.
    package static let check = LedgerScript.compact(
        parts(
            accounts: "", first: "local first = 4", conflicts: "false", result: "return 1", failure: "0"))

    /// The same for a batch that uses accounts: their arguments come before the keys. It checks the bounds. A report
    /// between check and EXEC may free a share, which does no harm; one that takes a share touches the commits key.
    /// Returns 1 or 0, and then what LedgerScript reports of the accounts.
    package static let checkWithAccounts = LedgerScript.compact(
        parts(
            accounts: LedgerScript.accounts + LedgerScript.checking,
            first: """
                local first = readaccounts(4, commits, true)
                -- Behind others' commits, the script must leave another mark.
                local conflicts = not known or untimely
                for _, it in ipairs(accounts) do conflicts = conflicts or it.conflicts end
                """,
            conflicts: "conflicts", result: "local results = {1}; report(results); return results", failure: "{0}"))

    private static func parts(
        accounts: String, first: String, conflicts: String, result: String, failure: String
    ) -> String {
        #"""
        local stream, decisions, commits, claims = unpack(KEYS)
        local call, pcall, args, unpack = redis.call, redis.pcall, ARGV, unpack
        \#(accounts)
        \#(first)
        local pending = pcall('XPENDING', stream, ARGV[1])
        -- A command that fails counts as a failed check. An error of the script would not stop the transaction.
        if not \#(conflicts) and not pending.err and pending[1] >= tonumber(ARGV[3])
          and pcall('EXISTS', commits) == 1 and pcall('GET', claims) == ARGV[2]
          and type(pcall('XLEN', decisions)) == 'number'
          and (#ARGV < first or pcall('EXISTS', unpack(ARGV, first)) == 0) then
          \#(result)
        end
        -- PEXPIRE first, because a full Redis refuses SET.
        if call('PEXPIRE', commits, \#(CommitKeys.lifeMilliseconds)) == 0 then
          call('SET', commits, '1', 'EX', \#(CommitKeys.lifeSeconds))
        end
        return \#(failure)
        """#
    }
}
