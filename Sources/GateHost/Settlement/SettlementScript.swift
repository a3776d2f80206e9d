import TradingState

/// Settles grants: by reports of the execution layer, or by taking permits back.
///
/// Every step is atomic with its cause, and repeating it changes nothing: the state of a grant stands in its plan's
/// outcome record, and only the step that changes it moves its shares.
package enum SettlementScript {
    /// The layout of the arguments: the header, for each pool the ``Pool`` arguments and its keys, then whatever the
    /// caller adds.
    enum Header: Int, CaseIterable {
        case accountPrefix, outcomePrefix, permitPrefix
        /// Milliseconds.
        case accountLife, executedLife
        case poolCount

        static let size = allCases.count

        var lua: String { "args[\(rawValue + 1)]" }
    }

    /// A pool: where the times of the records that show its executions stand.
    enum Pool: Int, CaseIterable {
        case name
        /// The field with the time, epoch seconds.
        case field
        /// The number of keys. They follow, each as what stands before the symbol and what stands behind it.
        case keyCount

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
              local pool = {field = \#(Pool.field.lua), keys = {}}
              pools[\#(Pool.name.lua)] = pool
              rest = at + \#(Pool.size) + 2 * \#(Pool.keyCount.lua)
              for key = at + \#(Pool.size), rest - 1, 2 do pool.keys[#pool.keys + 1] = {args[key], args[key + 1]} end
            end

            -- The grant that the text of an outcome record tells of; nil if there is none.
            local function grant(key, text)
              if type(text) ~= 'string' then return nil end
              local head, state, label, shares = string.match(text, '^(%S+ %S+ permit) (%S+) (%S+) ?(.*)$')
              if not head then return nil end
              return {key = key, head = head, state = state, label = label, shares = shares}
            end

            -- The shares of a grant: account, end of the field's name, value. Those of one lane follow one another.
            local function shares(it)
              return string.gmatch(it.shares, '(%S+) ([0-7]w?) (%d+)')
            end

            local function become(it, state)
              call('SET', it.key, it.head .. ' ' .. state .. ' ' .. it.label .. ' ' .. it.shares, 'KEEPTTL')
              it.state = state
            end

            local function isposition(name)
              return string.sub(name, 1, 9) == 'position:'
            end

            -- Whether a share may make a position larger.
            local function mayopen(name, suffix)
              return isposition(name) and opens(suffix)
            end

            -- What the call changes in each account, by the ends of the fields' names: its totals, its buckets of given grants
            -- by label, and what is executed now. At most a few thousand amounts of fifteen digits: exact.
            local accounts = {}

            local function account(name)
              local it = accounts[name]
              if not it then
                it = {key = accountprefix .. name, totals = {}, given = {}, executed = {}}
                accounts[name] = it
              end
              return it
            end

            -- Takes a share out of its bucket. Returns whether it was still there.
            local function release(it, label, suffix, value)
              local buckets = it.given[label]
              if not buckets then
                buckets = {}
                it.given[label] = buckets
              end
              local bucket = buckets[suffix]
              if not bucket then
                local there = pcall('HGET', it.key, '\#(AccountFields.given)' .. label .. ':' .. suffix)
                bucket = {left = type(there) == 'string' and isamount(there) and tonumber(there) or 0, change = 0}
                buckets[suffix] = bucket
              end
              if bucket.left < tonumber(value) then return false end
              bucket.left, bucket.change = bucket.left - value, bucket.change - value
              it.totals[suffix] = (it.totals[suffix] or 0) - value
              return true
            end

            local function releaseall(it)
              for name, suffix, value in shares(it) do release(account(name), it.label, suffix, value) end
            end

            -- The time from which on a snapshot shows what is executed now: that of the newest that lies in Redis, if its
            -- clock is ahead. Rounded up: an account of many buckets gets few more.
            local function executiontime(name, key)
              local pool, symbol = string.match(name, '^([^:]+):?(.*)$')
              local newest = time
              for _, parts in ipairs(pools[pool] and pools[pool].keys or {}) do
                newest = math.max(newest, stamp(parts[1] .. symbol .. parts[2], pools[pool].field))
              end
              local size = pcall('HLEN', key)
              local unit = type(size) == 'number' and size > 100 and 60000 or 1000
              return string.format('%.0f', math.ceil(newest / unit) * unit)
            end

            -- Counts a share as executed now, until a snapshot shows it. Returns the bucket's time.
            local function execute(it, name, suffix, value)
              it.at = it.at or executiontime(name, it.key)
              it.executed[suffix] = (it.executed[suffix] or 0) + value
              it.totals[suffix] = (it.totals[suffix] or 0) + value
              it.opens = it.opens or mayopen(name, suffix)
              return it.at
            end

            local function change(key, field, value)
              if value ~= 0 then add(key, field, string.format('%.0f', value)) end
            end

            local function flush()
              for _, it in pairs(accounts) do
                for suffix, value in pairs(it.totals) do change(it.key, '\#(AccountFields.total)' .. suffix, value) end
                for label, buckets in pairs(it.given) do
                  for suffix, bucket in pairs(buckets) do
                    change(it.key, '\#(AccountFields.given)' .. label .. ':' .. suffix, bucket.change)
                  end
                end
                if it.at then
                  for suffix, value in pairs(it.executed) do
                    change(it.key, '\#(AccountFields.executed)' .. it.at .. ':' .. suffix, value)
                  end
                  if it.opens then call('HSET', it.key, '\#(AccountFields.held)', '1') end
                  if call('PTTL', it.key) < accountlife then call('PEXPIRE', it.key, accountlife) end
                end
              end
            end

            """#
}
