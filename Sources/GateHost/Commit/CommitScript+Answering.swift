import TradingState

extension CommitScript {
    /// Gives a plan its permit or block, unless its plan id already has an outcome. Returns the ``CommitResult``.
    static let answering: String = {
        typealias Entry = CommitArguments.Entry
        typealias Field = DecisionRecord.Field
        typealias Reason = CommitResult.Reason
        return """
            -- The same plan id with another body is refused. No block is written beside a live permit of the first
            -- body.
            local function refuse(plan, symbol)
              if pcall('EXISTS', permitprefix .. plan) == 0 then
                local answer = '{"reason": "\(Reason.planIDReused)", "timestamp": ' .. string.sub(now, 1, -4) .. '.'
                  .. string.sub(now, -3) .. ', "symbol": ' .. cjson.encode(symbol) .. '}'
                call('SET', blockprefix .. plan, answer, 'EX', blocklife, 'NX')
              end
            end

            local function answer(i, id, kind, plan, symbol, values, effects, events, after)
              local outcome, text, outcomekey = \(Entry.outcome.lua), \(Entry.answer.lua), outcomeprefix .. plan
              local seen = pcall('SET', outcomekey, outcome, 'EX', outcomelife, 'NX', 'GET')
              -- A plan whose permit was taken back unused is judged like a new one.
              if type(seen) == 'string' and string.find(seen, ' permit \(GrantState.revoked.rawValue) ', 1, true) then
                call('SET', outcomekey, outcome, 'EX', outcomelife)
                seen = false
              end
              if type(seen) == 'string' then
                local body, first = string.match(seen, '^(%S+) (%S+)')
                if body == string.match(outcome, '^%S*') then
                  record(id, plan, symbol, 'duplicate', '', '\(Reason.planAlreadyDecided)', '[]',
                    '\(Field.firstIntentID)', first, details(i, kind, values, effects - 1))
                  return \(CommitResult.duplicate.rawValue)
                end
                refuse(plan, symbol)
                record(id, plan, symbol, 'block', '', '\(Reason.planIDReused)', '[]',
                  '\(Field.firstIntentID)', first or '', details(i, kind, values, effects - 1))
                return \(CommitResult.planIDReused.rawValue)
              end
              if kind == 'permit' and not call('SET', permitprefix .. plan, text, 'EX', permitlife, 'NX') then
                -- Another Governor gave this plan its permit. The outcome stays, without a grant: once that permit is
                -- consumed, the plan gets no second one.
                local foreign = string.match(outcome, '^%S+ %S+') .. ' \(OutcomeRecord.foreign)'
                call('SET', outcomekey, foreign, 'EX', outcomelife)
                record(id, plan, symbol, 'duplicate', '', '\(Reason.permitExists)', '[]',
                  details(i, kind, values, effects - 1))
                return \(CommitResult.permitExists.rawValue)
              end
              if kind == 'block' then call('SET', blockprefix .. plan, text, 'EX', blocklife) end
              -- A key of another type under the outcome's name does not stop a decision.
              if seen then call('SET', outcomekey, outcome, 'EX', outcomelife) end
              if events < after then publish(events, after) end
              record(id, plan, symbol, kind, \(Entry.gate.lua), \(Entry.reason.lua), \(Entry.gates.lua),
                details(i, kind, values, effects - 1))
              return \(CommitResult.applied.rawValue)
            end


            """
    }()
}
