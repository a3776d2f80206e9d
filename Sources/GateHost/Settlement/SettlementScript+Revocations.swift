import TradingState

extension SettlementScript {
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
              local key = outcomeprefix .. (plan or '')
              local it = outcome == 'permit' and grant(key, pcall('GET', key))
              local isopening = false
              if it and it.state == '\#(GrantState.given.rawValue)' then
                for name, suffix in shares(it) do isopening = isopening or mayopen(name, suffix) end
              end
              if isopening and call('DEL', permitprefix .. plan) == 1 then
                releaseall(it)
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
