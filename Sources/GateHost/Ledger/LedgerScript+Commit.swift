import TradingState

extension LedgerScript {
    /// Reads the accounts of ``LedgerArguments`` from `args` and checks their bounds.
    package static let checking: String = {
        typealias Header = LedgerArguments.Header
        typealias Account = LedgerArguments.Account
        typealias Bound = LedgerArguments.Bound
        return #"""
            local label, executedlife, accountlife, mark, known
            -- Whether any account is not as it was judged.
            local troubled = false
            -- The accounts of the call, in order.
            local accounts = {}

            -- Whether an account is as the gates judged it: it holds its bounds, and no newer snapshot than theirs has let
            -- shares go. Exact: whole units and the rest are compared apart.
            local function stands(key, at, bounds, snapshot)
              local names = {'\#(AccountFields.shown)'}
              for b = 0, bounds - 1 do
                for lane in string.gmatch(args[at + b * \#(Bound.size)], '%d') do
                  names[#names + 1] = 't:' .. lane
                  names[#names + 1] = 't:' .. lane .. 'w'
                end
              end
              local found = pcall('HMGET', key, unpack(names))
              if found.err then
                putaside(key)
                found = {}
              end
              if snapshot > 0 and (tonumber(found[1] or 0) or 0) > snapshot then return false end
              local n = 2
              for b = 1, bounds do
                local whole, units = 0, 0
                for lane in string.gmatch(\#(Bound.lanes.lua), '%d') do
                  local small, large = found[n], found[n + 1]
                  n = n + 2
                  -- A text that is no number counts as a large amount, so that the account is tidied.
                  if small and (#small < 16 or string.sub(small, 1, 1) == '-') then units = units + (tonumber(small) or 9e15)
                  elseif small then
                    whole = whole + (tonumber(string.sub(small, 1, -9)) or 9e15)
                    units = units + (tonumber(string.sub(small, -8)) or 9e15)
                  end
                  if large then whole = whole + (tonumber(large) or 9e15) end
                end
                whole, units = whole + math.floor(units / 1e8), units % 1e8
                local limit, rest = tonumber(\#(Bound.whole.lua)), tonumber(\#(Bound.units.lua))
                local exceeded = whole > limit or whole == limit and units > rest
                if exceeded ~= (\#(Bound.relation.lua) == '>') then return false end
                at = at + \#(Bound.size)
              end
              return true
            end

            -- Returns the position behind the accounts. `commits` is the key with the last commit's mark.
            local function readaccounts(at, commits, shareless)
              label, executedlife, accountlife = \#(Header.label.lua), tonumber(\#(Header.executedLife.lua)),
                \#(Header.accountLife.lua)
              mark = \#(Header.mark.lua)
              local count, after = tonumber(\#(Header.count.lua)), at + \#(Header.length) + \#(Header.size.lua)
              -- Nobody else has taken a share since the gates judged.
              known = pcall('GET', commits) == \#(Header.lastMark.lua)
              -- A transaction adds the shares by itself: what is not read needs no look.
              if known and shareless then count = tonumber(\#(Header.readCount.lua)) end
              at = at + \#(Header.length)
              for n = 1, count do
                local key, snapshot, margin = \#(Account.key.lua), tonumber(\#(Account.snapshot.lua)),
                  tonumber(\#(Account.margin.lua))
                local held, tidies = \#(Account.held.lua), \#(Account.isRead.lua) == '1'
                local bounds, shares = tonumber(\#(Account.boundCount.lua)), tonumber(\#(Account.shareCount.lua))
                local it = {key = key}
                at = at + \#(Account.size)
                local assumed = held == 'assumed'
                if tidies then tidy(key, snapshot, margin, executedlife) end
                local shown = held == '0' and tonumber(pcall('HGET', key, '\#(AccountFields.shown)') or 0) or 0
                -- An older snapshot than one that has let shares go does not tell that there is no position.
                if held == '1' or held == '0' and shown <= snapshot then
                  call('HSET', key, '\#(AccountFields.held)', held)
                  call('PEXPIRE', key, held == '1' and \#(LedgerLife.heldMilliseconds) or accountlife)
                end
                if tidies or not known then
                  local good = stands(key, at, bounds, snapshot)
                  if not good and not tidies then
                    tidy(key, snapshot, margin, executedlife)
                    good = stands(key, at, bounds, snapshot)
                  end
                  it.conflicts = not good or assumed and call('HGET', key, '\#(AccountFields.held)') == '1'
                  it.isread = tidies or it.conflicts
                  troubled = troubled or it.conflicts
                end
                at = at + bounds * \#(Bound.size)
                it.shares, it.sharesafter = at, at + shares * \#(LedgerArguments.Share.size)
                at = it.sharesafter
                accounts[n] = it
              end
              return after
            end

            -- The number of damaged parts, the time, whether nobody else has committed since, the number of accounts that
            -- were looked at, and of each the totals if it was read, else an empty text.
            local function report(results)
              results[#results + 1] = damaged
              results[#results + 1] = time
              results[#results + 1] = known and 1 or 0
              results[#results + 1] = #accounts
              for _, it in ipairs(accounts) do results[#results + 1] = it.isread and '=' .. totals(it.key) or '' end
            end

            """#
    }()

    /// Adds the shares of the call's permits.
    static let giving: String = {
        typealias Share = LedgerArguments.Share
        return #"""
            local function give()
              for _, it in ipairs(accounts) do
                for at = it.shares, it.sharesafter - 1, \#(Share.size) do
                  local field, value = 'g:' .. label .. ':' .. \#(Share.suffix.lua), \#(Share.value.lua)
                  add(it.key, 't:' .. \#(Share.suffix.lua), value)
                  -- The first share of a bucket.
                  if add(it.key, field, value) == tonumber(value) and call('PTTL', it.key) < tonumber(accountlife) then
                    call('PEXPIRE', it.key, accountlife)
                  end
                end
              end
            end

            """#
    }()
}
