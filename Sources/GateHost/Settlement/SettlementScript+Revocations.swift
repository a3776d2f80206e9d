import GateAPI
import TradingState

extension SettlementScript {
    /// Takes back the live permits of a piece of the decision stream that may open a position. Behind the header: the
    /// stream, the newest and the oldest id to look at, the most records to look at, and the arguments of a
    /// ``RevocationScope``; without those, everything. Returns how many permits it took back, the number of damaged parts
    /// of accounts, and the last id that it looked at; empty if there are no more. With `look` for a scope it takes
    /// nothing back, and returns symbol and source of each live permit behind these.
    static let revocations = LedgerScript.compact(
        preamble + #"""
            local revoked, last, live = 0, '', {}
            local scope = args[rest + 4] or '1'
            local symbols, sources = {}, {}
            if scope == '0' then
              local after = rest + 5 + tonumber(args[rest + 5])
              for n = rest + 6, after do symbols[args[n]] = true end
              for n = after + 1, #args do sources[args[n]] = true end
            end
            local asks = scope == 'look' or next(sources)

            -- The source in the text of a plan, as the host reads it; empty if it names none, `nil` if the record does not
            -- hold the plan.
            local function sourceof(text)
              if text == '' then return nil end
              if not asks or not text or not string.find(text, '"source"', 1, true) then return '' end
              local ok, fields = xpcall(function() return cjson.decode(text) end, function() end)
              local name = ok and type(fields) == 'table' and fields.source
              if type(name) ~= 'string' or #name > \#(Symbol.maximumSourceLength) then return '' end
              return string.match(name, '^%s*(.-)%s*$')
            end

            local records = call('XREVRANGE', args[rest], args[rest + 1], args[rest + 2], 'COUNT', args[rest + 3])
            for _, record in ipairs(records) do
              local fields = {}
              for n = 1, #record[2], 2 do fields[record[2][n]] = record[2][n + 1] end
              local plan, symbol = fields.\#(DecisionRecord.Field.planID), fields.\#(DecisionRecord.Field.symbol)
              local text, key = fields.\#(DecisionRecord.Field.plan), outcomeprefix .. (plan or '')
              local it = fields.\#(DecisionRecord.Field.outcome) == 'permit' and grant(key, pcall('GET', key))
              local isopening = false
              if it and it.state == '\#(GrantState.given.rawValue)' then
                for name, suffix in shares(it) do isopening = isopening or mayopen(name, suffix) end
              end
              if isopening and scope == 'look' then
                if call('EXISTS', permitprefix .. plan) == 1 then
                  live[#live + 1] = symbol or ''
                  live[#live + 1] = sourceof(text) or ''
                end
              elseif isopening and (scope == '1' or symbols[symbol or ''] or next(sources) and sources[sourceof(text) or next(sources)])
                and call('DEL', permitprefix .. plan) == 1 then
                releaseall(it)
                become(it, '\#(GrantState.revoked.rawValue)')
                revoked = revoked + 1
              end
              last = record[1]
            end
            flush()
            if #records < tonumber(args[rest + 3]) then last = '' end
            if scope == 'look' then return {0, damaged, last, live} end
            return {revoked, damaged, last}
            """#)
}
