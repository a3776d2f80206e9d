import GateAPI
import Platform
import TradingState

extension LedgerScript {
    /// Reads one account for the gates: it is tidied by the record that shows executions as it lies in Redis.
    ///
    /// Arguments: the account's key, the key that an earlier release kept, the executed life and the margin in ms, the
    /// field of that record's time, and its keys.
    package static let read =
        preamble + accounts + settling + #"""
            local key, old = args[1], args[2]
            if old ~= '' and call('EXISTS', key) == 0 then inherit(key, old) end
            local all, newest = pcall('HGETALL', key), 0
            -- A commit repairs what is damaged, and tells.
            if all.err then return {} end
            for n = 1, #all, 2 do
              if string.find(all[n], '^[gxt]:') and
                not (string.find(all[n], ':[0-7]w?$') and isamount(all[n + 1])) then return all end
            end
            for n = 6, #args do newest = math.max(newest, stamp(args[n], args[5])) end
            tidy(key, newest, tonumber(args[4]), tonumber(args[3]))
            return call('HGETALL', key)
            """#

    /// The times of records, and what an earlier release has kept.
    static let settling: String = {
        typealias Fields = AccountFields
        return #"""
            -- The time of a record, epoch ms; 0 if it has none.
            local function stamp(key, field)
              local value = pcall('HGET', key, field)
              local seconds = type(value) == 'string' and tonumber(value)
              local moment = seconds and seconds < 1e12 and math.ceil(seconds * 1000) or 0
              -- A record from the future does not count.
              return moment <= time + \#(Inputs.clockSkewTolerance.milliseconds) and moment or 0
            end

            -- Takes over what an earlier release has reserved in the position: a hash of `amount expires executed` by plan.
            local function inherit(key, old)
              local all = pcall('HGETALL', old)
              if all.err or #all == 0 then return end
              for n = 1, #all, 2 do
                local sign, whole, units, expires, executed = string.match(all[n + 1], '^(-?)(%d+)%.?(%d*) (%d+) (%d+)$')
                if whole and #whole < 15 and tonumber(expires) > time then
                  local lane, bucket = sign == '-' and '1' or '0', 'x:' .. executed
                  if executed == '0' then bucket = 'g:old.' .. expires end
                  units = string.sub(units .. '00000000', 1, 8)
                  for suffix, value in pairs({[lane] = units, [lane .. 'w'] = whole}) do
                    value = string.gsub(value, '^0+(%d)', '%1')
                    add(key, 't:' .. suffix, value)
                    add(key, bucket .. ':' .. suffix, value)
                  end
                elseif not whole and all[n] ~= 'last entry' then
                  damaged = damaged + 1
                end
              end
              call('DEL', old)
              call('PEXPIRE', key, \#(LedgerLife.executed.milliseconds * 2))
            end

            """#
    }()
}
