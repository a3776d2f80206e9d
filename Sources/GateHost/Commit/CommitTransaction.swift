import TradingState

/// The atomic commit of a large batch as plain commands between MULTI and EXEC. It costs Redis a fifth less time than
/// ``CommitScript``, because no value passes through Lua.
///
/// The transaction writes just what the script would, or nothing. The check runs before it. It verifies that at least
/// as many entries are pending as the batch has, that no host has claimed any, and that no plan id has an outcome or
/// the answer to be written. Two watched keys (``CommitKeys``) cover the time between check and EXEC: every commit
/// touches one, every claim deletes the other. If Redis does not execute the transaction, the host judges its entries
/// again and commits them with the script.
///
/// The script does one thing better. Another Governor may give a permit between check and EXEC without touching either
/// key. That permit stays, but this host's record says that this host gave one; the script would say `permit_exists`.
/// Watching each permit's key would cost a tenth of Redis' time, so the host logs an error instead.
package enum CommitTransaction {
    /// Keys: the plans' stream, the decision stream, the commits key, the claims mark. Arguments: the group, the mark
    /// that was there before the entries were read, the number of entries, then the keys that must not exist. Returns
    /// 1, or 0 after it has made the transaction fail.
    package static let check = #"""
        local stream, decisions, commits, claims = unpack(KEYS)
        local call, pcall = redis.call, redis.pcall
        local pending = pcall('XPENDING', stream, ARGV[1])
        -- A command that fails counts as a failed check. An error of the script would not stop the transaction.
        if not pending.err and pending[1] >= tonumber(ARGV[3])
          and pcall('EXISTS', commits) == 1 and pcall('GET', claims) == ARGV[2]
          and type(pcall('XLEN', decisions)) == 'number' and (#ARGV < 4 or pcall('EXISTS', unpack(ARGV, 4)) == 0) then
          return 1
        end
        -- PEXPIRE first, because a full Redis refuses SET.
        if call('PEXPIRE', commits, \#(CommitKeys.lifeMilliseconds)) == 0 then
          call('SET', commits, '1', 'EX', \#(CommitKeys.lifeSeconds))
        end
        return 0
        """#
}
