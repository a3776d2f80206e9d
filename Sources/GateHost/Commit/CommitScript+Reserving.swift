extension CommitScript {
    /// Checks and makes reservations, and drops expired ones.
    static let reserving: String = {
        typealias Reservation = CommitArguments.Reservation
        return """
            -- The newest reservation of each key, as far as this call has seen or made it; false where the key cannot
            -- be read.
            local known = {}
            -- Entries that this call has not decided as proposed. A decision that counted on the reservation of such an
            -- entry must not stand. If another host has decided the entry, its reservation rests on other records.
            local lost = {}
            -- By how many fields this call has let each key grow.
            local grown = {}

            -- The optimistic lock: the reservations must still be those that the gates saw.
            local function current(first, last)
              for n = first, last, \(Reservation.count) do
                local key = \(Reservation.key.lua)
                if known[key] == nil then
                  local found = pcall('HGET', key, newest)
                  known[key] = type(found) ~= 'table' and (found or '')
                end
                local expected = \(Reservation.expectedLast.lua)
                if known[key] ~= expected or lost[expected] then return false end
              end
              return true
            end

            local function reserve(id, plan, first, last)
              for n = first, last, \(Reservation.count) do
                local key = \(Reservation.key.lua)
                local value = \(Reservation.amount.lua) .. ' ' .. \(Reservation.expiry.lua) .. ' 0'
                local added = call('HSET', key, plan, value, newest, id)
                known[key], grown[key] = id, (grown[key] or 0) + added
              end
            end

            -- Drops expired reservations that nobody reported, each time that the key has doubled in size.
            local function tidy(key, growth)
              -- By the server's own clock, and never to a shorter life than another host has set.
              if call('PTTL', key) < reservationlife then call('PEXPIRE', key, reservationlife) end
              local size = call('HLEN', key)
              local _, doublings = math.frexp(size)
              local _, before = math.frexp(size - growth)
              if size < 64 or doublings == before then return end
              local all = call('HGETALL', key)
              for f = 1, #all, 2 do
                local expires = string.match(all[f + 1], '^%S+ (%d+) ')
                if expires and tonumber(expires) < tonumber(now) then call('HDEL', key, all[f]) end
              end
            end


            """
    }()
}
