import TradingState

extension CommitScript {
    /// Writes decision records, dead letters and events.
    static let recording: String = {
        typealias Entry = CommitArguments.Entry
        typealias Event = CommitArguments.Event
        typealias Field = DecisionRecord.Field
        typealias Letter = DeadLetter.Field
        return """
            local function record(id, plan, symbol, outcome, gate, reason, gates, ...)
              call('XADD', decisions, '*', '\(Field.intentID)', id, '\(Field.planID)', plan, '\(Field.symbol)', symbol,
                '\(Field.outcome)', outcome, '\(Field.gate)', gate, '\(Field.reason)', reason, '\(Field.gates)', gates,
                '\(Field.configurationHash)', confighash, '\(Field.host)', host, '\(Field.decidedAt)', now, ...)
            end

            -- The fields that only the record of a permit or block has.
            local function details(i, kind, first, last)
              if kind == 'block' then
                return '\(Field.action)', \(Entry.action.lua), '\(Field.side)', \(Entry.side.lua),
                  '\(Field.quantity)', \(Entry.quantity.lua), '\(Field.plan)', \(Entry.plan.lua),
                  unpack(args, first, last)
              end
              return '\(Field.action)', \(Entry.action.lua), '\(Field.side)', \(Entry.side.lua),
                '\(Field.quantity)', \(Entry.quantity.lua), '\(Field.plan)', \(Entry.plan.lua),
                '\(Field.computedQuantity)', \(Entry.computedQuantity.lua),
                '\(Field.computedNotional)', \(Entry.computedNotional.lua), unpack(args, first, last)
            end

            local function deadletter(id, reason, first, last)
              call('XADD', dead, 'MAXLEN', '~', maxdead, '*', '\(Letter.reason)', reason, '\(Letter.intentID)', id,
                '\(Letter.stream)', stream, '\(Letter.group)', group, '\(Letter.host)', host, '\(Letter.deadAt)', now,
                unpack(args, first, last))
            end

            -- A refused event must not prevent the decision record.
            local function publish(at, after)
              while at < after do
                local size = tonumber(\(Event.valueCount.lua))
                local done = {err = 'ERR the event has too many fields'}
                if size <= maxvalues then
                  done = pcall('XADD', \(Event.stream.lua), 'MAXLEN', '~', \(Event.maxLength.lua), '*',
                    unpack(args, at + \(Event.count), at + \(Event.count - 1) + size))
                end
                if type(done) == 'table' and done.err then
                  failures[#failures + 1] = \(Event.stream.lua) .. ': ' .. done.err
                end
                at = at + \(Event.count) + size
              end
            end


            """
    }()
}
