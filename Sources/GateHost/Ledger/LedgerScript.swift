import GateAPI
import Platform
import TradingState

/// The accounts of the exposure ledger in Lua. Every script that touches an account is made of these parts.
///
/// docs/EXPOSURE_LEDGER.md describes the hash. Amounts are integers that Redis itself adds: a script's own numbers are
/// binary floats, which would lose digits. The text expects the locals `call`, `pcall` and `args`.
package enum LedgerScript {
    /// Changes and tidies accounts.
    package static let accounts: String = {
        typealias Fields = AccountFields
        return #"""
            local clock = call('TIME')
            local time = clock[1] * 1000 + math.floor(clock[2] / 1000)
            local damaged = 0

            local function negative(value)
              if value == '0' then return value end
              return string.sub(value, 1, 1) == '-' and string.sub(value, 2) or '-' .. value
            end

            -- Whether a lane holds orders that may make a position larger.
            local function opens(lane)
              return string.find('0146', string.sub(lane, 1, 1), 1, true) ~= nil
            end

            -- Whether a text is an amount as Redis writes it.
            local function isamount(value)
              return value == '0' or #value < 19 and string.find(value, '^[1-9]%d*$') ~= nil
            end

            -- A key of another type is kept under another name.
            local function putaside(key)
              call('RENAME', key, key .. ':damaged:' .. clock[1] .. clock[2])
              damaged = damaged + 1
            end

            -- Adds an integer to a field, and returns the sum. What cannot be added to is dropped.
            local function add(key, field, value)
              local done = pcall('HINCRBY', key, field, value)
              if type(done) ~= 'table' then return done end
              if string.find(done.err, 'WRONGTYPE', 1, true) then putaside(key) else
                call('HDEL', key, field)
                damaged = damaged + 1
              end
              return call('HINCRBY', key, field, value)
            end

            -- Sums all buckets anew, and drops what cannot be read.
            local function rebuild(key, all)
              for n = 1, #all, 2 do
                if string.sub(all[n], 1, 2) == '\#(Fields.total)' then
                  call('HDEL', key, all[n])
                  if not isamount(all[n + 1]) then damaged = damaged + 1 end
                end
              end
              for n = 1, #all, 2 do
                local lane = string.match(all[n], '^[gx]:.*:([0-7]w?)$')
                if lane and isamount(all[n + 1]) then
                  add(key, '\#(Fields.total)' .. lane, all[n + 1])
                elseif string.find(all[n], '^[gx]:') then
                  call('HDEL', key, all[n])
                  damaged = damaged + 1
                end
              end
            end

            -- Subtracts and drops the buckets that a snapshot of the time `snapshot` shows: those of orders that were
            -- executed before it, and those that had ended before it, so that nothing of them can fill any more. Without
            -- such a snapshot a bucket stays for the executed life. Then the account notes that a position may be held.
            local function tidy(key, snapshot, margin, executedlife)
              local all = pcall('HGETALL', key)
              if all.err then return putaside(key) end
              local gone, shown, held = {}, false, false
              -- A record from the future shows nothing.
              if snapshot > time + \#(Inputs.clockSkewTolerance.milliseconds) then snapshot = 0 end
              for n = 1, #all, 2 do
                local kind, label, lane = string.match(all[n], '^([gxt]):(.-):?([0-7]w?)$')
                local drop = false
                if kind and not isamount(all[n + 1]) then
                  rebuild(key, all)
                  return tidy(key, snapshot, margin, executedlife)
                elseif kind == 'g' or kind == 'x' then
                  local at = tonumber(string.match(label, '(%d+)$') or 0)
                  if (kind == 'x' or at <= time) and at < snapshot - margin then
                    -- Its position may be in no record when that snapshot is gone.
                    drop, shown, held = true, true, held or opens(lane)
                  elseif at + executedlife <= time then
                    drop = true
                    held = held or opens(lane)
                  end
                elseif not kind and string.find(all[n], '^[gxt]:') then
                  rebuild(key, all)
                  call('HDEL', key, all[n])
                  return tidy(key, snapshot, margin, executedlife)
                end
                if drop then
                  gone[#gone + 1] = all[n]
                  add(key, '\#(Fields.total)' .. lane, negative(all[n + 1]))
                end
              end
              if #gone > 0 then call('HDEL', key, unpack(gone)) end
              if shown then
                local before = tonumber(call('HGET', key, '\#(Fields.shown)') or 0) or 0
                call('HSET', key, '\#(Fields.shown)', string.format('%.0f', math.max(before, snapshot)))
              end
              if held and string.find(key, '\#(Fields.keyPrefix)position:', 1, true) == 1 then
                call('HSET', key, '\#(Fields.held)', '1')
              end
            end

            -- The account's totals: the ends of the fields' names and the values, as one text.
            local function totals(key)
              local found = call('HMGET', key, \#(totalFields))
              local parts = {}
              for n, value in ipairs(found) do
                if value and value ~= '0' then
                  parts[#parts + 1] = math.floor((n - 1) / 2) .. (n % 2 == 0 and 'w ' or ' ') .. value
                end
              end
              return table.concat(parts, ' ')
            end

            """#
    }()

    /// All fields of totals: of each lane the units, then the whole ones.
    private static let totalFields = (0..<8).flatMap { ["'t:\($0)'", "'t:\($0)w'"] }.joined(separator: ", ")

    /// A script without its comments and indents: Redis hashes the text of every EVAL.
    static func compact(_ script: String) -> String {
        script.split(separator: "\n").map { $0.drop { $0 == " " } }
            .filter { !$0.isEmpty && !$0.hasPrefix("--") }.joined(separator: "\n")
    }

    static let preamble = "local call, pcall, args, unpack = redis.call, redis.pcall, ARGV, unpack\n"
}
