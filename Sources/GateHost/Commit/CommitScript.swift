import TradingState

/// The atomic commit of a batch, run inside Redis.
///
/// XACK decides who may write an entry's decision: only the call that takes the entry out of the group's pending
/// entries list goes on. So an entry gets exactly one decision, whichever host crashes, claims it or repeats the
/// commit. The script checks the plan id's outcome in the same step.
///
/// Keys: the plans' stream, the decision stream, the dead-letter stream, the commits key (``CommitKeys``). Arguments:
/// ``CommitArguments``. Returns one ``CommitResult`` an entry, then what LedgerScript reports of the
/// accounts, then one text for each event that could not be written.
///
/// Lua hashes every byte of every string and Redis copies every argument. So each is sent once, and the script knows
/// the names of the record's usual fields. Benchmarks/Protocols compares this script with other ways to commit.
package enum CommitScript {
    package static let source =
        preamble + LedgerScript.accounts + LedgerScript.checking + LedgerScript.giving + claiming + recording
        + answering + main

    private typealias Header = CommitArguments.Header

    /// Reads the header, and refuses a call that would stop the script halfway, before its first write.
    private static let preamble = """
        local call, pcall, args, unpack = redis.call, redis.pcall, ARGV, unpack
        local stream, decisions, dead, commits = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
        local group, host, confighash = \(Header.group.lua), \(Header.host.lua), \(Header.configurationHash.lua)
        local now, maxdecisions, maxdead = \
        \(Header.now.lua), \(Header.decisionMaxLength.lua), \(Header.deadLetterMaxLength.lua)
        local permitlife, blocklife, outcomelife = \
        \(Header.permitLife.lua), \(Header.blockLife.lua), \(Header.outcomeLife.lua)
        local permitprefix, blockprefix, outcomeprefix = \
        \(Header.permitPrefix.lua), \(Header.blockPrefix.lua), \(Header.outcomePrefix.lua)
        -- Lua's stack holds fewer values than an event may have fields.
        local maxvalues = 6000

        if not redis.REDIS_VERSION_NUM then
          return redis.error_reply('ERR the commit needs Redis 7: SET with NX and GET')
        end
        for _, key in ipairs({stream, decisions, dead}) do
          if type(pcall('XLEN', key)) == 'table' then
            return redis.error_reply('WRONGTYPE ' .. key .. ' is a ' .. call('TYPE', key).ok .. ', not a stream')
          end
        end

        -- A right that was withdrawn since the session began would stop the script behind an acknowledgement.
        local function want(...)
          if not redis.acl_check_cmd(...) then
            error(redis.error_reply('NOPERM this user may not ' .. table.concat({...}, ' ', 1, 2)))
          end
        end
        want('XADD', decisions, '*', 'f', 'v')
        want('XADD', dead, '*', 'f', 'v')
        want('SET', outcomeprefix .. 'p', 'v', 'EX', '1', 'NX', 'GET')
        want('SET', permitprefix .. 'p', 'v')
        want('SET', blockprefix .. 'p', 'v')

        -- Results of entries, and texts of events that Redis refused.
        local results, failures = {}, {}


        """

    /// Decides one entry after the other.
    private static let main: String = {
        typealias Entry = CommitArguments.Entry
        return """
            -- A transaction whose check came before this must fail.
            local i = readaccounts(\(Header.count + 1), commits)
            -- What uses no account takes no share, and leaves the mark.
            if #accounts > 0 then
              call('SET', commits, mark, 'PX', \(CommitKeys.lifeMilliseconds))
            elseif call('PEXPIRE', commits, \(CommitKeys.lifeMilliseconds)) == 0 then
              call('SET', commits, '1', 'PX', \(CommitKeys.lifeMilliseconds))
            end
            if not untimely then give() end
            while i <= #args do
              local id, kind = \(Entry.id.lua), \(Entry.kind.lua)
              local plan, symbol = \(Entry.planID.lua), \(Entry.symbol.lua)
              -- The positions of the further values, the effects, the events and the next entry.
              local values = i + (kind == 'permit' and \(Entry.permitCount + 1)
                or kind == 'block' and \(Entry.blockCount + 1) or \(Entry.commonCount + 1))
              local effects, after = values, values
              if args[values - 1] ~= '0' then
                after = values + args[values - 1]
                effects = values + 1 + args[values]
                values = values + 1
              end
              local events = effects
              if effects < after then events = effects + 1 + \(CommitArguments.Claim.count) * args[effects] end

              local result = \(CommitResult.applied.rawValue)
              if troubled and not agree(effects + 1, events - 1) then
                result = \(CommitResult.conflict.rawValue)
              elseif kind ~= 'trimmed' and call('XACK', stream, group, id) == 0 then
                result = \(CommitResult.alreadyDecided.rawValue)
              elseif kind == 'permit' or kind == 'block' then
                result = answer(i, id, kind, plan, symbol, values, effects, events, after)
              else
                local gate, reason, gates = \(Entry.gate.lua), \(Entry.reason.lua), \(Entry.gates.lua)
                if kind == 'dead_letter' then
                  deadletter(id, reason, values, effects - 1)
                  record(id, plan, symbol, kind, gate, reason, gates)
                else
                  local outcome = kind == 'trimmed' and 'dead_letter' or kind
                  record(id, plan, symbol, outcome, gate, reason, gates, unpack(args, values, effects - 1))
                end
              end
              if kind == 'permit' and result ~= \(CommitResult.applied.rawValue) and not untimely then
                forgo(effects + 1, events - 1)
              end
              results[#results + 1] = result
              i = after
            end
            call('XTRIM', decisions, 'MAXLEN', '~', maxdecisions)
            if #accounts > 0 then report(results) end
            for _, text in ipairs(failures) do results[#results + 1] = text end
            return results
            """
    }()
}
