/// The atomic commit of a large batch, as plain commands between MULTI and EXEC, which cost Redis a fifth less than
/// ``CommitScript``: nothing that is written passes through Lua.
///
/// Redis executes it only if it is sure to write what the script would: the check, sent before it, finds each plan id
/// without an outcome, permit or block, and the entries unclaimed. Two watched keys tell what happens between the check
/// and EXEC: every commit touches one, whoever claims deletes the other. Otherwise nothing is written, and the entries
/// are judged again for the script, which decides each as it must be.
///
/// One thing the script does better. A permit that another Governor gives between the check and EXEC, which touches
/// neither key, stays; but the record says that this host gave one, where the script would say `permit_exists`.
/// Watching each permit's key would cost a tenth of Redis' time; the host tells instead.
package enum CommitTransaction {
    /// Keys: intents' stream, decision stream, commits, claims. Arguments: group, the mark of claims that was there
    /// before the entries were read, how many entries there are, then the keys that must not exist. Returns 1, or 0 and
    /// lets the transaction fail.
    package static let check = #"""
        local stream, decisions, commits, claims = unpack(KEYS)
        local call, pcall = redis.call, redis.pcall
        local pending = pcall('XPENDING', stream, ARGV[1])
        -- Whatever fails says no: an error here would not keep what follows from being executed.
        if not pending.err and pending[1] >= tonumber(ARGV[3]) and pcall('EXISTS', commits) == 1 and pcall('GET', claims) == ARGV[2]
          and type(pcall('XLEN', decisions)) == 'number' and (#ARGV < 4 or pcall('EXISTS', unpack(ARGV, 4)) == 0) then
          return 1
        end
        -- Not SET alone, which a full Redis refuses.
        if call('PEXPIRE', commits, 86400000) == 0 then call('SET', commits, '1', 'EX', 86400) end
        return 0
        """#

    /// Exists, and is touched by every commit: a transaction that another commit comes before is not executed.
    package static let commitsKey = "quantum:governor:intake:commits"

    /// A mark that whoever claims entries deletes. A transaction holds good only while the mark is there that was there
    /// before its entries were read.
    package static func claimsKey(stream: String, group: String) -> String {
        "quantum:governor:intake:claims:\(stream):\(group)"
    }
}
