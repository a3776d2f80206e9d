import TradingState

extension SettlementScript {
    /// Reports. Behind the header: the commits key, the stream, the group, the number of entries, their ids, and for each
    /// report the plan id and a ``Report``. Returns how many grants changed their state, and the number of damaged parts of
    /// accounts.
    package static let reports = LedgerScript.compact(
        preamble + #"""
            local commits, stream, group, count = args[rest], args[rest + 1], args[rest + 2], tonumber(args[rest + 3])
            local settled, grows = 0, false

            local keys, first = {}, rest + 4 + count
            for n = first, #args, 2 do keys[#keys + 1] = outcomeprefix .. args[n] end
            local outcomes = #keys > 0 and call('MGET', unpack(keys)) or {}

            -- Counts a grant as executed, with the quantity that was filled if it is told: units and whole ones of each lane of a
            -- position. Other pools keep their shares.
            local function settle(it, units, whole)
              local isgiven, lane, label = it.state == '\#(GrantState.given.rawValue)', '', it.label
              local filled = (units or 0) + (whole or 0) * 1e8
              local granted = filled
              for name, suffix, value in shares(it) do
                local of = account(name)
                -- Behind a bucket that is gone, after a revocation, or with more filled than granted, the account grows. A
                -- transaction must notice.
                if not (isgiven and release(of, label, suffix, value)) then grows = true end
                if not isposition(name) then
                  execute(of, name, suffix, value)
                elseif not units then
                  it.label = execute(of, name, suffix, value)
                else
                  if name .. string.sub(suffix, 1, 1) ~= lane then
                    lane, grows, granted = name .. string.sub(suffix, 1, 1), grows or filled > granted, 0
                    if units ~= '0' then it.label = execute(of, name, string.sub(suffix, 1, 1), units) end
                    if whole ~= '0' then it.label = execute(of, name, string.sub(suffix, 1, 1) .. 'w', whole) end
                  end
                  granted = granted + (string.sub(suffix, 2) == 'w' and value * 1e8 or value)
                end
              end
              grows = grows or filled > granted
              become(it, '\#(GrantState.executed.rawValue)')
              settled = settled + 1
            end

            -- A plan may be reported more than once in one call.
            local grants, used = {}, {}
            for n = first, #args, 2 do
              local plan, report = args[n], args[n + 1]
              local kind, it = string.sub(report, 1, 1), grants[plan]
              if it == nil then
                local index = (n - first) / 2 + 1
                it = grant(keys[index], outcomes[index]) or false
                grants[plan] = it
              end
              if it and kind == '\#(Report.executed.rawValue)' then
                -- A permit that is still there must not be used again.
                used[#used + 1] = permitprefix .. plan
                if it.state ~= '\#(GrantState.executed.rawValue)' then
                  settle(it, string.match(report, '^. (%d+) (%d+)$'))
                end
              elseif it and it.state == '\#(GrantState.given.rawValue)' then
                local state
                if call('DEL', permitprefix .. plan) == 1 then state = '\#(GrantState.revoked.rawValue)'
                elseif kind == '\#(Report.refused.rawValue)' then state = '\#(GrantState.void.rawValue)' end
                if state then
                  releaseall(it)
                  become(it, state)
                  settled = settled + 1
                end
              end
            end
            if #used > 0 then call('DEL', unpack(used)) end
            flush()
            if grows then call('SET', commits, 'report ' .. clock[1] .. '.' .. clock[2], 'XX', 'KEEPTTL') end
            if count > 0 then call('XACK', stream, group, unpack(args, rest + 4, rest + 3 + count)) end
            return {settled, damaged}
            """#)

    /// The kind of a report, as the script is told. An executed one may go on with what was filled: units of
    /// 0.00000001 and whole ones.
    enum Report: String {
        case executed = "T"
        /// Not executed, and nothing else is known.
        case unexecuted = "F"
        /// Not executed, because the exchange refused it.
        case refused = "R"
    }
}
