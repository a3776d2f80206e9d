import TradingState

extension SettlementScript {
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
}
