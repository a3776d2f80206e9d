/// The atomic commit of a batch, run inside Redis.
///
/// For each entry, the XACK decides who may write: only the call that takes the entry out of the group's pending list goes on, so an entry gets exactly
/// one decision, whoever crashed, claimed or repeated it. Whether the plan id already had its outcome is decided here too, in the same step.
///
/// Keys: intents' stream, decision stream, dead-letter stream. Arguments: see ``CommitEncoder``. Returns one ``CommitResult`` per entry, then one
/// text for each event that could not be written.
package enum CommitScript {
    package static let source = #"""
        local stream, decisions, dead = KEYS[1], KEYS[2], KEYS[3]
        for _, key in ipairs(KEYS) do
          local kind = redis.call('TYPE', key).ok
          if kind ~= 'stream' and kind ~= 'none' then
            return redis.error_reply('WRONGTYPE ' .. key .. ' is a ' .. kind .. ', not a stream')
          end
        end
        local group, host, confighash, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
        local maxdecisions, maxdead = ARGV[5], ARGV[6]
        local permitttl, blockttl, outcomettl = ARGV[7], ARGV[8], ARGV[9]
        local permitprefix, blockprefix, outcomeprefix = ARGV[10], ARGV[11], ARGV[12]
        local lastfield, reservationlife = ARGV[13], tonumber(ARGV[14])
        local replies, failures = {}, {}
        local i = 15

        -- Lua's stack holds fewer values than an entry may have fields: what does not fit goes packed, and whole.
        local function append(key, maxlen, list)
          if #list <= 6000 then
            redis.call('XADD', key, 'MAXLEN', '~', maxlen, '*', unpack(list))
          else
            local head = {}
            for n = 1, 12 do head[n] = list[n] end
            head[13], head[14] = '_packed', cmsgpack.pack(list)
            redis.call('XADD', key, 'MAXLEN', '~', maxlen, '*', unpack(head))
          end
        end

        while i <= #ARGV do
          local id, kind, plan, symbol = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
          local gate, reason, gates, body, payload = ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7], ARGV[i + 8]
          local extras = tonumber(ARGV[i + 9])
          local events = i + 10 + extras
          local eventcount = tonumber(ARGV[events])
          local reservations = events + 1
          for _ = 1, eventcount do reservations = reservations + 3 + tonumber(ARGV[reservations + 2]) end
          local reservationcount = tonumber(ARGV[reservations])
          local nextentry = reservations + 1 + 4 * reservationcount

          -- What the gates read must still be so: otherwise nothing is done, and the entry is judged again.
          local current = true
          for n = reservations + 1, nextentry - 1, 4 do
            local last = redis.pcall('HGET', ARGV[n], lastfield)
            if type(last) == 'table' or (last or '') ~= ARGV[n + 3] then current = false end
          end

          local result = 0
          -- 'trimmed': the server itself dropped the entry from the pending list when this host claimed it.
          if not current then
            result = 5
          elseif kind == 'trimmed' or redis.call('XACK', stream, group, id) == 1 then
            result = 1
            local outcome = kind
            local first = ''
            if kind == 'permit' or kind == 'block' then
              local seen = redis.pcall('GET', outcomeprefix .. plan)
              if type(seen) == 'string' then
                local firstbody, firstid = string.match(seen, '^(%S+) (%S+)')
                first = firstid or ''
                if firstbody == body then
                  outcome, gate, reason, result = 'duplicate', '', 'plan_already_decided', 2
                else
                  outcome, gate, reason, result = 'block', '', 'plan_id_reused', 3
                  -- Beside a live permit of the first body there must be no block of the same id.
                  if redis.call('EXISTS', permitprefix .. plan) == 0 then
                    local record = cjson.encode(symbol)
                    record = '{"reason": "plan_id_reused", "timestamp": ' .. string.sub(now, 1, -4) .. '.' .. string.sub(now, -3)
                      .. ', "symbol": ' .. record .. '}'
                    redis.call('SET', blockprefix .. plan, record, 'EX', blockttl, 'NX')
                  end
                end
              elseif kind == 'permit' and not redis.call('SET', permitprefix .. plan, payload, 'EX', permitttl, 'NX') then
                -- Another Governor gave this plan its permit.
                outcome, gate, reason, result = 'duplicate', '', 'permit_exists', 4
              else
                if kind == 'block' then redis.call('SET', blockprefix .. plan, payload, 'EX', blockttl) end
                redis.call('SET', outcomeprefix .. plan, body .. ' ' .. id .. ' ' .. kind, 'EX', outcomettl)
                for n = reservations + 1, (kind == 'permit') and nextentry - 1 or 0, 4 do
                  redis.call('HSET', ARGV[n], plan, ARGV[n + 1] .. ' ' .. ARGV[n + 2] .. ' 0', lastfield, id)
                  -- Relative to the server's own clock, and never shorter than what others need.
                  if redis.call('PTTL', ARGV[n]) < reservationlife then redis.call('PEXPIRE', ARGV[n], reservationlife) end
                  -- Reservations that nobody reported and that have expired are dropped before they pile up, looked for at every doubling.
                  local size = redis.call('HLEN', ARGV[n])
                  if size >= 64 and math.log(size) / math.log(2) % 1 == 0 then
                    local all = redis.call('HGETALL', ARGV[n])
                    for f = 1, #all, 2 do
                      local expires = string.match(all[f + 1], '^%S+ (%d+) ')
                      if expires and tonumber(expires) < tonumber(now) then redis.call('HDEL', ARGV[n], all[f]) end
                    end
                  end
                end
                local at = events + 1
                for _ = 1, eventcount do
                  local size = tonumber(ARGV[at + 2])
                  -- An event that a script cannot pass on must not keep the decision from its record.
                  local done = {err = 'ERR the event has too many fields'}
                  if size <= 6000 then
                    done = redis.pcall('XADD', ARGV[at], 'MAXLEN', '~', ARGV[at + 1], '*', unpack(ARGV, at + 3, at + 2 + size))
                  end
                  if type(done) == 'table' and done.err then failures[#failures + 1] = ARGV[at] .. ': ' .. done.err end
                  at = at + 3 + size
                end
              end
              if result ~= 1 then gates = '[]' end
            elseif kind == 'dead_letter' then
              local list = {'_reason', reason, '_intent_id', id, '_stream', stream, '_group', group, '_host', host, '_dead_at_ms', now}
              for n = i + 10, events - 1 do list[#list + 1] = ARGV[n] end
              append(dead, maxdead, list)
            elseif kind == 'trimmed' then
              outcome = 'dead_letter'
            end

            local record = {
              'intent_id', id, 'plan_id', plan, 'symbol', symbol, 'outcome', outcome, 'gate', gate, 'reason', reason, 'gates', gates,
              'config_hash', confighash, 'host', host, 'decided_at_ms', now}
            if first ~= '' then
              record[#record + 1] = 'first_intent_id'
              record[#record + 1] = first
            end
            if kind ~= 'dead_letter' then
              for n = i + 10, events - 1 do record[#record + 1] = ARGV[n] end
            end
            append(decisions, maxdecisions, record)
          end
          replies[#replies + 1] = result
          i = nextentry
        end
        for _, text in ipairs(failures) do replies[#replies + 1] = text end
        return replies
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
