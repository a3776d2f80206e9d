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
}
