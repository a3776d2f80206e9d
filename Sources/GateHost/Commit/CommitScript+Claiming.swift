extension CommitScript {
    /// Checks the claims of decisions, and takes back what a permit that is not given would have taken.
    static let claiming: String = {
        typealias Claim = CommitArguments.Claim
        return """
            -- Whether the accounts are still as the gates judged them. A block because an account is full depends on the
            -- permits before it in this call.
            local function agree(first, last)
              for n = first, last, \(Claim.count) do
                local it = accounts[tonumber(\(Claim.account.lua))]
                if it.conflicts or (it.lost and \(Claim.needsFullness.lua) == '1') then return false end
              end
              return true
            end

            local function forgo(first, last)
              for n = first, last, \(Claim.count) do
                local it = accounts[tonumber(\(Claim.account.lua))]
                for suffix, value in pairs({
                  [\(Claim.lane.lua)] = \(Claim.units.lua), [\(Claim.lane.lua) .. 'w'] = \(Claim.whole.lua)
                }) do
                  if value ~= '0' then
                    add(it.key, 't:' .. suffix, negative(value))
                    add(it.key, 'g:' .. label .. ':' .. suffix, negative(value))
                  end
                end
                it.lost, troubled = true, true
              end
            end


            """
    }()
}
