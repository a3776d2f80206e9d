import TradingState

extension LedgerScript {
    /// Reads the accounts of ``LedgerArguments`` from `args` and checks their bounds.
    package static let checking: String = {
        typealias Header = LedgerArguments.Header
        typealias Account = LedgerArguments.Account
        typealias Bound = LedgerArguments.Bound
        return #"""
            local label, executedlife, accountlife, mark, since, known
            -- Whether the call's bucket does not end between one and two lives of a share from now.
            local untimely
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
                  -- A text that is no amount counts as more than any limit, so that the account is tidied.
                  if small and not isamount(small) or large and not isamount(large) then whole = whole + 1e19
                  else
                    if small and #small < 16 then units = units + small
                    elseif small then
                      whole = whole + string.sub(small, 1, -9)
                      units = units + string.sub(small, -8)
                    end
                    whole = whole + (large or 0)
                  end
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
              -- A call that comes long after it was sent would give its shares to a bucket that ends too soon, and one
              -- from a session whose clock is wrong to one that the account may not outlive. A transaction may come a
              -- bucket's width after its check.
              local ending, life = tonumber(string.match(label, '%d*$')) or 0, (accountlife - executedlife) / 2
              untimely = ending < time + life + life / \#(LedgerLife.bucketsPerShare) or ending > time + 2 * life
              local count, after = tonumber(\#(Header.count.lua)), at + \#(Header.length) + \#(Header.size.lua)
              -- Whether nobody else has taken a share since the gates judged. The mark goes on with the number of the
              -- session's last commit that came behind others': those that were sent behind it do not know of them.
              local expected, last = \#(Header.lastMark.lua), pcall('GET', commits)
              mark, since = \#(Header.mark.lua), \#(Header.since.lua)
              known = last == expected
              if not known then
                local before = string.match(expected, '^.*%.') or expected
                local isown = type(last) == 'string' and string.sub(last, 1, #before) == before
                since = isown and string.match(last, '^%d+$', #before + 1) or string.match(mark, '(%d+)%.$') or '0'
              end
              mark = mark .. since
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
                end
                it.conflicts = it.conflicts or untimely
                -- Behind others' commits, the session needs all totals anew.
                it.isread = tidies or not known or it.conflicts
                troubled = troubled or it.conflicts
                at = at + bounds * \#(Bound.size)
                it.shares, it.sharesafter = at, at + shares * \#(LedgerArguments.Share.size)
                at = it.sharesafter
                accounts[n] = it
              end
              return after
            end

            -- The number of damaged parts, the time, the number of the session's last commit that came behind others', the
            -- number of accounts that were looked at, and of each the totals if it was read, else an empty text.
            local function report(results)
              results[#results + 1] = damaged
              results[#results + 1] = time
              results[#results + 1] = tonumber(since)
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
