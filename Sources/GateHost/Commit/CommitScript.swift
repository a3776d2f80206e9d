/// The atomic commit of a batch, run inside Redis.
///
/// For each entry, the XACK decides who may write: only the call that takes the entry out of the group's pending list
/// goes on, so an entry gets exactly one decision, whoever crashed, claimed or repeated it. Whether the plan id already
/// had its outcome is decided here too, in the same step.
///
/// Keys: intents' stream, decision stream, dead-letter stream, and the one that ``CommitTransaction`` watches.
///
/// Arguments, once: group, host, configuration hash, now in ms; longest decision stream, longest dead-letter stream;
/// life in s of permits, blocks and outcomes; prefix of permits, blocks and outcomes; field of the newest reservation,
/// shortest life of reservations in ms.
///
/// Arguments, for each entry: id, kind, plan id, symbol, gate, reason, gates. If it is a permit or block: outcome
/// (`body id kind`), answer, action, side, quantity, plan; if a permit, then quantity and notional granted. Then the
/// size of the rest, mostly 0. The rest: how many further values of the record follow, these (name, value, …), then
/// effects, if there are any: how many reservations, of each its key, amount, expiry and the newest that it expects; of
/// each event its stream, longest stream, number of values, these.
///
/// Returns one ``CommitResult`` an entry, then one text for each event that could not be written.
///
/// Lua hashes every byte of every string and Redis copies every argument: so each is sent once, and the names of the
/// usual fields are known here. Benchmarks/Protocols compares this with other ways to commit.
package enum CommitScript {
    package static let source = #"""
        local call, pcall, args, unpack = redis.call, redis.pcall, ARGV, unpack
        local stream, decisions, dead, commits = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
        local group, host, confighash, now, maxdecisions, maxdead = args[1], args[2], args[3], args[4], args[5], args[6]
        local permitlife, blocklife, outcomelife = args[7], args[8], args[9]
        local permitprefix, blockprefix, outcomeprefix = args[10], args[11], args[12]
        local newest, reservationlife = args[13], tonumber(args[14])
        -- Lua's stack holds fewer values than an entry may have fields.
        local maxvalues = 6000

        -- What would stop the script halfway must stop it before the first write.
        if not redis.REDIS_VERSION_NUM then return redis.error_reply('ERR the commit needs Redis 7: SET with NX and GET') end
        for _, key in ipairs({stream, decisions, dead}) do
          if type(pcall('XLEN', key)) == 'table' then
            return redis.error_reply('WRONGTYPE ' .. key .. ' is a ' .. call('TYPE', key).ok .. ', not a stream')
          end
        end

        local function record(id, plan, symbol, outcome, gate, reason, gates, ...)
          call('XADD', decisions, '*', 'intent_id', id, 'plan_id', plan, 'symbol', symbol, 'outcome', outcome, 'gate', gate, 'reason', reason,
            'gates', gates, 'config_hash', confighash, 'host', host, 'decided_at_ms', now, ...)
        end

        -- A dead letter is whole: what does not fit goes packed.
        local function bury(id, reason, first, last)
          if last - first < maxvalues then
            call('XADD', dead, 'MAXLEN', '~', maxdead, '*', '_reason', reason, '_intent_id', id, '_stream', stream, '_group', group, '_host', host,
              '_dead_at_ms', now, unpack(args, first, last))
          else
            local list = {'_reason', reason, '_intent_id', id, '_stream', stream, '_group', group, '_host', host, '_dead_at_ms', now}
            for n = first, last do list[#list + 1] = args[n] end
            call('XADD', dead, 'MAXLEN', '~', maxdead, '*', '_reason', reason, '_intent_id', id, '_stream', stream, '_group', group, '_host', host,
              '_dead_at_ms', now, '_packed', cmsgpack.pack(list))
          end
        end

        -- The newest reservation of each key, as far as this commit has seen or made it; false where it cannot be told.
        local known = {}
        -- Entries that this commit does not decide as proposed: what was judged as if they had reserved must not stand, even where another host made the
        -- same entry reserve, on top of other reservations.
        local lost = {}
        -- By how many fields this commit has let each key grow.
        local grown = {}

        -- What the gates read must still be so.
        local function current(first, last)
          for n = first, last, 4 do
            local key = args[n]
            if known[key] == nil then
              local found = pcall('HGET', key, newest)
              known[key] = type(found) ~= 'table' and (found or '')
            end
            if known[key] ~= args[n + 3] or lost[args[n + 3]] then return false end
          end
          return true
        end

        local function reserve(id, plan, first, last)
          for n = first, last, 4 do
            local key = args[n]
            local added = call('HSET', key, plan, args[n + 1] .. ' ' .. args[n + 2] .. ' 0', newest, id)
            known[key], grown[key] = id, (grown[key] or 0) + added
          end
        end

        -- Reservations that nobody reported and that have expired are dropped before they pile up, looked for at every doubling.
        local function tidy(key, growth)
          -- Relative to the server's own clock, and never shorter than what others need.
          if call('PTTL', key) < reservationlife then call('PEXPIRE', key, reservationlife) end
          local size = call('HLEN', key)
          local _, doublings = math.frexp(size)
          local _, before = math.frexp(size - growth)
          if size < 64 or doublings == before then return end
          local all = call('HGETALL', key)
          for f = 1, #all, 2 do
            local expires = string.match(all[f + 1], '^%S+ (%d+) ')
            if expires and tonumber(expires) < tonumber(now) then call('HDEL', key, all[f]) end
          end
        end

        local failures = {}
        local function publish(at, after)
          while at < after do
            local size = tonumber(args[at + 2])
            -- An event that a script cannot pass on must not keep the decision from its record.
            local done = {err = 'ERR the event has too many fields'}
            if size <= maxvalues then done = pcall('XADD', args[at], 'MAXLEN', '~', args[at + 1], '*', unpack(args, at + 3, at + 2 + size)) end
            if type(done) == 'table' and done.err then failures[#failures + 1] = args[at] .. ': ' .. done.err end
            at = at + 3 + size
          end
        end

        -- The same id with another body is refused; but beside a live permit of the first body there must be no block of the same id.
        local function refuse(plan, symbol)
          if call('EXISTS', permitprefix .. plan) == 0 then
            local answer = '{"reason": "plan_id_reused", "timestamp": ' .. string.sub(now, 1, -4) .. '.' .. string.sub(now, -3)
              .. ', "symbol": ' .. cjson.encode(symbol) .. '}'
            call('SET', blockprefix .. plan, answer, 'EX', blocklife, 'NX')
          end
        end

        -- What a record tells of a permit or block besides.
        local function details(i, kind, first, last)
          if kind == 'block' then
            return 'action', args[i + 9], 'side', args[i + 10], 'quantity', args[i + 11], 'plan', args[i + 12], unpack(args, first, last)
          end
          return 'action', args[i + 9], 'side', args[i + 10], 'quantity', args[i + 11], 'plan', args[i + 12], 'computed_qty', args[i + 13],
            'computed_notional', args[i + 14], unpack(args, first, last)
        end

        -- A transaction whose check came before this must not be executed after it. Not SET, which a full Redis refuses.
        call('PEXPIRE', commits, 86400000)
        local results = {}
        local i = 15
        while i <= #args do
          local id, kind, plan, symbol = args[i], args[i + 1], args[i + 2], args[i + 3]
          local values = i + (kind == 'permit' and 16 or kind == 'block' and 14 or 8)
          local effects, after = values, values
          if args[values - 1] ~= '0' then
            after = values + args[values - 1]
            effects = values + 1 + args[values]
            values = values + 1
          end
          local events = effects
          if effects < after then events = effects + 1 + 4 * args[effects] end

          local result = 1
          if not current(effects + 1, events - 1) then
            result = 5
          elseif kind ~= 'trimmed' and call('XACK', stream, group, id) == 0 then
            result = 0
          elseif kind == 'permit' or kind == 'block' then
            local outcome, outcomekey = args[i + 7], outcomeprefix .. plan
            local seen = pcall('SET', outcomekey, outcome, 'EX', outcomelife, 'NX', 'GET')
            if type(seen) == 'string' then
              local body, first = string.match(seen, '^(%S+) (%S+)')
              if body == string.match(outcome, '^%S*') then
                result = 2
                record(id, plan, symbol, 'duplicate', '', 'plan_already_decided', '[]', 'first_intent_id', first, details(i, kind, values, effects - 1))
              else
                result = 3
                refuse(plan, symbol)
                record(id, plan, symbol, 'block', '', 'plan_id_reused', '[]', 'first_intent_id', first or '', details(i, kind, values, effects - 1))
              end
            elseif kind == 'permit' and not call('SET', permitprefix .. plan, args[i + 8], 'EX', permitlife, 'NX') then
              -- Another Governor gave this plan its permit.
              result = 4
              if not seen then call('DEL', outcomekey) end
              record(id, plan, symbol, 'duplicate', '', 'permit_exists', '[]', details(i, kind, values, effects - 1))
            else
              if kind == 'block' then call('SET', blockprefix .. plan, args[i + 8], 'EX', blocklife) end
              -- A key of another type does not stop a decision.
              if seen then call('SET', outcomekey, outcome, 'EX', outcomelife) end
              if effects < after then
                if kind == 'permit' then reserve(id, plan, effects + 1, events - 1) end
                publish(events, after)
              end
              record(id, plan, symbol, kind, args[i + 4], args[i + 5], args[i + 6], details(i, kind, values, effects - 1))
            end
          elseif kind == 'dead_letter' then
            bury(id, args[i + 5], values, effects - 1)
            record(id, plan, symbol, kind, args[i + 4], args[i + 5], args[i + 6])
          else
            record(id, plan, symbol, kind == 'trimmed' and 'dead_letter' or kind, args[i + 4], args[i + 5], args[i + 6], unpack(args, values, effects - 1))
          end
          if result ~= 1 then lost[id] = true end
          results[#results + 1] = result
          i = after
        end
        for key, growth in pairs(grown) do tidy(key, growth) end
        call('XTRIM', decisions, 'MAXLEN', '~', maxdecisions)
        for _, text in ipairs(failures) do results[#results + 1] = text end
        return results
        """#
}

/// What the commit found for one entry.
package enum CommitResult: Int, Sendable {
    /// Another call had already decided it: nothing was written.
    case alreadyDecided = 0
    /// Written as proposed.
    case applied = 1
    /// The plan id had its outcome from an equal body: recorded as a duplicate.
    case duplicate = 2
    /// The plan id had its outcome from another body: recorded as a block, `plan_id_reused`.
    case planIDReused = 3
    /// The plan id has a permit that this group did not give: recorded as a duplicate.
    case permitExists = 4
    /// Somebody reserved since the records were read: nothing was written, the entry is still pending.
    case conflict = 5
}
