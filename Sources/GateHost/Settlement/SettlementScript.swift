import TradingState

/// Settles grants: by reports of the execution layer, or by taking permits back.
///
/// Every step is atomic with its cause, and repeating it changes nothing: the state of a grant stands in its plan's
/// outcome record, and only the step that changes it moves its shares.
package enum SettlementScript {
    /// The layout of the arguments: the header, for each pool the ``Pool`` arguments, then whatever the caller adds.
    enum Header: Int, CaseIterable {
        case accountPrefix, outcomePrefix, permitPrefix
        /// Milliseconds.
        case accountLife, executedLife
        case poolCount

        static let size = allCases.count

        var lua: String { "args[\(rawValue + 1)]" }
    }

    /// A pool: where the time of the record that shows its executions stands.
    enum Pool: Int, CaseIterable {
        case name
        /// The field with the time, epoch seconds.
        case field
        /// Two keys, or prefixes of keys; the second may be empty.
        case firstKey, secondKey

        static let size = allCases.count

        var lua: String { rawValue == 0 ? "args[at]" : "args[at + \(rawValue)]" }
    }

    /// Reads the arguments up to `rest`, the position of the first that the caller has added.
    static let preamble =
        LedgerScript.preamble + LedgerScript.accounts + LedgerScript.settling + #"""
            local accountprefix, outcomeprefix, permitprefix = \#(Header.accountPrefix.lua), \#(Header.outcomePrefix.lua),
              \#(Header.permitPrefix.lua)
            local accountlife, executedlife = tonumber(\#(Header.accountLife.lua)), tonumber(\#(Header.executedLife.lua))
            local pools, rest = {}, \#(Header.size + 1)
            for n = 1, tonumber(\#(Header.poolCount.lua)) do
              local at = rest
              pools[\#(Pool.name.lua)] = {field = \#(Pool.field.lua), keys = {\#(Pool.firstKey.lua), \#(Pool.secondKey.lua)}}
              rest = rest + \#(Pool.size)
            end

            -- The grant of a plan; nil if it has none. Its shares are account, end of the field's name, value.
            local function grant(plan)
              local key = outcomeprefix .. plan
              local text = pcall('GET', key)
              if type(text) ~= 'string' then return nil end
              local head, state, label, list = string.match(text, '^(%S+ %S+ permit) (%S+) (%S+) ?(.*)$')
              if not head then return nil end
              local shares = {}
              for account, suffix, value in string.gmatch(list, '(%S+) ([0-7]w?) (%d+)') do
                shares[#shares + 1] = {account, suffix, value}
              end
              return {key = key, head = head, state = state, label = label, list = list, shares = shares}
            end

            local function become(it, state)
              call('SET', it.key, it.head .. ' ' .. state .. ' ' .. it.label .. ' ' .. it.list, 'KEEPTTL')
              it.state = state
            end

            -- Whether a share may make a position larger.
            local function mayopen(share)
              return string.sub(share[1], 1, 9) == 'position:' and opens(share[2])
            end

            -- What the call changes, by account and field. At most a few thousand amounts of fifteen digits: exact.
            local changes, executed, there = {}, {}, {}

            local function change(key, field, value)
              local fields = changes[key] or {}
              changes[key], fields[field] = fields, (fields[field] or 0) + value
            end

            -- Takes the shares of a grant out of its bucket. Returns whether all of them were still there.
            local function release(it)
              local complete = true
              for _, share in ipairs(it.shares) do
                local key, field = accountprefix .. share[1], '\#(AccountFields.given)' .. it.label .. ':' .. share[2]
                if there[key .. field] == nil then
                  local value = pcall('HGET', key, field)
                  there[key .. field] = type(value) == 'string' and isamount(value)
                end
                if there[key .. field] then
                  change(key, field, -share[3])
                  change(key, '\#(AccountFields.total)' .. share[2], -share[3])
                else
                  complete = false
                end
              end
              return complete
            end

            -- The time from which on a snapshot shows what is executed now: that of the newest that lies in Redis, if its
            -- clock is ahead. Rounded up: an account of many buckets gets few more.
            local function executiontime(name, key)
              local it = executed[key]
              if it then return it.at end
              local pool, symbol = string.match(name, '^([^:]+):?(.*)$')
              local newest = time
              for _, prefix in ipairs(pools[pool] and pools[pool].keys or {}) do
                if prefix ~= '' then newest = math.max(newest, stamp(prefix .. symbol, pools[pool].field)) end
              end
              local size = pcall('HLEN', key)
              local unit = type(size) == 'number' and size > 100 and 60000 or 1000
              executed[key] = {at = string.format('%.0f', math.ceil(newest / unit) * unit)}
              return executed[key].at
            end

            -- Counts a share as executed now, until a snapshot shows it. Returns the bucket's time.
            local function execute(share)
              local key = accountprefix .. share[1]
              local at = executiontime(share[1], key)
              change(key, '\#(AccountFields.executed)' .. at .. ':' .. share[2], share[3])
              change(key, '\#(AccountFields.total)' .. share[2], share[3])
              executed[key].opens = executed[key].opens or mayopen(share)
              return at
            end

            local function flush()
              for key, fields in pairs(changes) do
                for field, value in pairs(fields) do
                  if value ~= 0 then add(key, field, string.format('%.0f', value)) end
                end
              end
              for key, it in pairs(executed) do
                if it.opens then call('HSET', key, '\#(AccountFields.held)', '1') end
                if call('PTTL', key) < accountlife then call('PEXPIRE', key, accountlife) end
              end
            end

            """#

    /// Reports. Behind the header: the commits key, the stream, the group, the number of entries, their ids, and for each
    /// report the plan id, `True` or `False`, the filled quantity (units of 0.00000001 and whole ones, empty if not told), and
    /// `1` if the exchange refused the order.
    /// Returns how many grants changed their state, and the number of damaged parts of accounts.
    package static let reports = LedgerScript.compact(
        preamble + #"""
            local commits, stream, group, count = args[rest], args[rest + 1], args[rest + 2], tonumber(args[rest + 3])
            local settled, grows = 0, false

            -- The shares of an order of which so much was filled. Other pools keep theirs.
            local function filledshares(shares, units, whole)
              if units == '' then return shares end
              local filled, seen = {}, {}
              for _, share in ipairs(shares) do
                local lane = string.sub(share[2], 1, 1)
                if string.sub(share[1], 1, 9) ~= 'position:' then
                  filled[#filled + 1] = share
                elseif not seen[share[1] .. lane] then
                  seen[share[1] .. lane] = true
                  if units ~= '0' then filled[#filled + 1] = {share[1], lane, units} end
                  if whole ~= '0' then filled[#filled + 1] = {share[1], lane .. 'w', whole} end
                end
              end
              return filled
            end

            -- Whether more was filled than was granted.
            local function exceeds(units, whole, shares)
              if units == '' then return false end
              local granted = {}
              for _, share in ipairs(shares) do
                local lane = string.sub(share[2], 1, 1)
                local value = string.sub(share[2], 2) == 'w' and share[3] * 1e8 or share[3]
                if string.sub(share[1], 1, 9) == 'position:' then granted[lane] = (granted[lane] or 0) + value end
              end
              for _, value in pairs(granted) do if whole * 1e8 + units > value then return true end end
              return false
            end

            for n = rest + 4 + count, #args, 5 do
              local plan, executed, units, whole, refused = args[n], args[n + 1], args[n + 2], args[n + 3], args[n + 4]
              local it = grant(plan)
              if it and executed == 'True' then
                -- A permit that is still there must not be used again.
                call('DEL', permitprefix .. plan)
                if it.state ~= '\#(GrantState.executed.rawValue)' then
                  -- Behind a bucket that is gone, after a revocation, or with more filled than granted, the account grows.
                  -- A transaction must notice.
                  local kept = it.state == '\#(GrantState.given.rawValue)' and release(it)
                  grows = grows or not kept or exceeds(units, whole, it.shares)
                  for _, share in ipairs(filledshares(it.shares, units, whole)) do
                    local at = execute(share)
                    if string.sub(share[1], 1, 9) == 'position:' then it.label = at end
                  end
                  become(it, '\#(GrantState.executed.rawValue)')
                  settled = settled + 1
                end
              elseif it and it.state == '\#(GrantState.given.rawValue)' then
                local state
                if call('DEL', permitprefix .. plan) == 1 then state = '\#(GrantState.revoked.rawValue)'
                elseif refused == '1' then state = '\#(GrantState.void.rawValue)' end
                if state then
                  release(it)
                  become(it, state)
                  settled = settled + 1
                end
              elseif not it then
                -- A permit without shares is taken back all the same.
                if executed == 'False' then call('DEL', permitprefix .. plan) end
              end
            end
            flush()
            if grows then call('SET', commits, 'report ' .. clock[1] .. '.' .. clock[2], 'XX', 'KEEPTTL') end
            for n = rest + 4, rest + 3 + count do call('XACK', stream, group, args[n]) end
            return {settled, damaged}
            """#)

    /// Takes back the live permits of a piece of the decision stream that may open a position. Behind the header: the
    /// stream, the newest and the oldest id to look at, and the most records to look at. Returns how many permits it took
    /// back, the number of damaged parts of accounts, and the last id that it looked at; empty if there are no more.
    static let revocations = LedgerScript.compact(
        preamble + #"""
            local revoked, last = 0, ''
            local records = call('XREVRANGE', args[rest], args[rest + 1], args[rest + 2], 'COUNT', args[rest + 3])
            for _, record in ipairs(records) do
              local plan, outcome
              for n = 1, #record[2], 2 do
                if record[2][n] == '\#(DecisionRecord.Field.planID)' then plan = record[2][n + 1]
                elseif record[2][n] == '\#(DecisionRecord.Field.outcome)' then outcome = record[2][n + 1] end
              end
              local it = outcome == 'permit' and plan and grant(plan)
              local isopening = false
              for _, share in ipairs(it and it.state == '\#(GrantState.given.rawValue)' and it.shares or {}) do
                isopening = isopening or mayopen(share)
              end
              if isopening and call('DEL', permitprefix .. plan) == 1 then
                release(it)
                become(it, '\#(GrantState.revoked.rawValue)')
                revoked = revoked + 1
              end
              last = record[1]
            end
            flush()
            if #records < tonumber(args[rest + 3]) then last = '' end
            return {revoked, damaged, last}
            """#)
}
