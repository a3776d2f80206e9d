import TradingState

/// Everything there is: the exchange, the publisher, the consumer's orders, Redis, and two hosts. A value: one state.
struct World {
    static let slots = 3

    /// The true position.
    var holding = Holding.flat
    var grants = InlineArray<3, Grant>(repeating: Grant())
    var publisher = Publisher()
    /// In Redis.
    var snapshot = Snapshot.missing
    var account = LedgerAccount()
    var hosts = InlineArray<2, HostView>(repeating: HostView())
    /// In units of the position, as the price is one; `nil` if there is no budget record.
    var budget: Int8?
    var isKilled = false
    /// The most long and short position that may be there: the budget, or more if a recorded fail-open let it, or if
    /// the budget was more when the orders were permitted.
    var allowed = Reach()

    /// The furthest long and short position.
    struct Reach: Equatable {
        var long: Int8 = 0
        var short: Int8 = 0
    }

    /// A free slot, if there may be one more grant.
    func free(_ scenario: Scenario) -> Int? {
        var free: Int?
        var used = 0
        for slot in 0..<Self.slots {
            if grants[slot].isFree { free = slot } else { used += 1 }
        }
        return used < scenario.grants ? free : nil
    }
}

// MARK: Identity

extension World {
    /// Drops what is over and brings grants and buckets into one order, so that equal states are the same.
    mutating func normalize() {
        for slot in 0..<Self.slots where !grants[slot].isFree && grants[slot].isOver { grants[slot] = Grant() }
        for last in 1..<Self.slots {
            var slot = last
            while slot > 0, grants[slot].code < grants[slot - 1].code {
                grants.swapAt(slot, slot - 1)
                slot -= 1
            }
        }
        account.sort()
    }

    /// A hash of all that there is, in 64 bits.
    var identity: UInt64 {
        var hash = Mixing()
        for slot in 0..<Self.slots { hash.add(grants[slot].code) }
        for index in 0..<LedgerAccount.capacity { hash.add(account.buckets[index].code) }
        hash.add(account.flags)
        hash.add(
            holding.code | UInt64(UInt8(bitPattern: budget ?? -1)) << 16 | (isKilled ? 1 << 24 : 0)
                | UInt64(UInt8(bitPattern: allowed.long)) << 32 | UInt64(UInt8(bitPattern: allowed.short)) << 40)
        hash.add(publisher.code | snapshot.code << 32)
        hash.add(hosts[0].code)
        hash.add(hosts[1].code)
        return hash.value
    }
}

/// A hash of words. Two different states of ten million share one with a probability of about one in 400,000.
struct Mixing {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func add(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        value = (product.high ^ product.low) &+ 0x9E37_79B9_7F4A_7C15 ^ (word << 31 | word >> 33)
    }
}

// MARK: The truth

extension World {
    /// The furthest position that the exchange can still reach with what is permitted and ordered.
    ///
    /// - Parameter afterClose: whether a close, which is never blocked, takes away first what is there.
    func reach(_ scenario: Scenario, afterClose: Bool = false) -> Reach {
        var buys = 0, sells = 0, cappedBuys = 0, cappedSells = 0, opens = 0
        for slot in 0..<Self.slots where !grants[slot].isFree {
            let grant = grants[slot]
            let left = (grant.permit > 0 ? Int(grant.quantity) : 0) + Int(grant.left)
            let lanes = LaneSums(left, in: scenario.order(of: grant).lanes(isCapped: grant.isCapped))
            buys += lanes[.buy]
            sells += lanes[.sell]
            cappedBuys += lanes[.cappedBuy]
            cappedSells += lanes[.cappedSell]
            opens += lanes[.openLong] + lanes[.openShort]
        }
        let first = Int(holding.first)
        guard scenario.mode == .oneWay else { return Reach(long: Int8(first + Int(holding.short) + opens), short: 0) }
        if afterClose { return Reach(long: Int8(max(first, 0) + buys), short: Int8(max(-first, 0) + sells)) }
        let highest = (first < 0 ? min(first + cappedBuys, 0) : first) + buys
        let lowest = (first > 0 ? max(first - cappedSells, 0) : first) - sells
        return Reach(long: Int8(max(highest, 0)), short: Int8(max(-lowest, 0)))
    }
}
