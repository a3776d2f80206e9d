import GateAPI
import GateTestSupport
import SeededRandom
import Testing
import TradingState

/// The rules against all worlds, found by trying.
@Suite struct ExposureWorldsTests {
    /// A random position, sums under way, and an order that nothing caps.
    private struct Sample {
        var position = 0
        var orders = [Int](repeating: 0, count: 8)
        let quantity: Int
        let buys: Bool

        init(_ random: inout SeededGenerator, namesLegs: Bool) {
            position = Int.random(in: -5...5, using: &random)
            for lane in 0..<(namesLegs ? 8 : 4) where Bool.random(using: &random) {
                orders[lane] = Int.random(in: 0...(namesLegs ? 2 : 4), using: &random)
            }
            quantity = Int.random(in: 1...6, using: &random)
            buys = Bool.random(using: &random)
        }

        var account: Account<PositionPool> {
            var account = Account<PositionPool>()
            for (lane, sum) in orders.enumerated() { account.totals[lane] = Amount(sum) }
            return account
        }

        var direction: Int { buys ? 1 : -1 }
        var intent: Intent { get throws { try .plan("\(buys ? "BUY" : "SELL") \(quantity)") } }
        var description: Comment { "\(buys ? "BUY" : "SELL") \(quantity) at \(position), under way \(orders)" }

        /// The sums with the order itself, in its lane.
        func ordersWith(_ lane: PositionPool.Lane) -> [Int] {
            var orders = orders
            orders[lane.rawValue] += quantity
            return orders
        }

        /// The same, with a close of the whole opposite position that is granted later.
        func ordersWithClose(_ lane: PositionPool.Lane) -> [Int] {
            var orders = ordersWith(lane)
            orders[(buys ? PositionPool.Lane.cappedBuy : .cappedSell).rawValue] += 5
            return orders
        }
    }

    @Test("a plain order is judged by exactly the worst world", arguments: [false, true])
    func plain(namesLegs: Bool) throws {
        var random = SeededGenerator(seed: 41)
        var (opens, reductions) = (0, 0)
        for _ in 0..<1_500 {
            let sample = Sample(&random, namesLegs: namesLegs)
            let before = Worlds(long: sample.position, sample.orders)
            func most(_ orders: [Int]) -> Int {
                Worlds(long: sample.position, orders).longs.map { $0 * sample.direction }.max() ?? 0
            }
            let lane: PositionPool.Lane = sample.buys ? .buy : .sell
            let closable = max(0, before.longs.map { -$0 * sample.direction }.max() ?? 0)
            switch try sample.intent.exposure(from: .at(Amount(sample.position)), sample.account) {
            case .reduces(let reduction):
                reductions += 1
                // No world flips the position, and in none does the order make it larger.
                #expect(most(sample.ordersWith(lane)) <= 0, sample.description)
                #expect(reduction.quantity == Amount(sample.quantity))
                #expect(reduction.capped == .reduceOnly(Amount(sample.quantity)))
            case .opens(let opening):
                opens += 1
                let most = Amount(most(sample.ordersWithClose(lane)))
                #expect(namesLegs ? opening.most >= most : opening.most == most, sample.description)
                // Never less than what may remain, or a close would be blocked.
                #expect(opening.closable ?? 0 >= Amount(closable), sample.description)
                if !namesLegs { #expect(opening.closable == Amount(closable), sample.description) }
                // An order that reduces in every world is never judged as an open.
                let least = before.longs.map { -$0 * sample.direction }.min() ?? 0
                if !namesLegs { #expect(least < sample.quantity, sample.description) }
                try closesOnly(sample, opening)
            case .unchanged, .unknown: Issue.record(sample.description)
            }
        }
        #expect(opens > 200 && reductions > 100)
    }

    /// The order as one that can only reduce flips and grows the position in no world.
    private func closesOnly(_ sample: Sample, _ opening: Opening) throws {
        guard let amendment = opening.capped else { return }
        let amended = try #require(try sample.intent.amended(amendment), sample.description)
        guard case .reduces(let reduction) = amended.exposure(from: .at(Amount(sample.position)), sample.account) else {
            Issue.record(sample.description)
            return
        }
        #expect(amended.quantity.value ?? .max <= Amount(sample.quantity))
        #expect(reduction.quantity == amended.quantity.value, sample.description)
        let lane: PositionPool.Lane = sample.buys ? .cappedBuy : .cappedSell
        #expect(amended.lanes == [lane])
    }

    @Test("in hedge mode an opening is judged by both legs, and a close of a leg is never too small")
    func legs() throws {
        var random = SeededGenerator(seed: 42)
        for _ in 0..<1_500 {
            var sample = Sample(&random, namesLegs: true)
            sample.position = abs(sample.position)
            let short = Int.random(in: 0...5, using: &random)
            let position = Position.at(
                Amount(sample.position - short), PositionLegs(long: Amount(sample.position), short: Amount(short)))
            let before = Worlds(long: sample.position, short: short, isHedged: true, sample.orders)
            for (leg, lane) in [("LONG", PositionPool.Lane.openLong), ("SHORT", .openShort), ("", .buy)] {
                let buys = leg == "LONG" || (leg.isEmpty && sample.buys)
                let side = buys ? "BUY" : "SELL"
                let opening = try Intent.plan("\(side) \(sample.quantity) positionSide=\(leg)")
                let own = leg.isEmpty && !buys ? .sell : lane
                #expect(opening.lanes == [own])
                let after = Worlds(long: sample.position, short: short, isHedged: true, sample.ordersWith(own))
                guard case .opens(let opened) = opening.exposure(from: position, sample.account) else {
                    Issue.record(sample.description)
                    continue
                }
                #expect(opened.most == Amount(after.mostTogether), "\(leg) \(sample.description)")
                let close = try Intent.plan("\(buys ? "SELL" : "BUY") positionSide=\(leg) reduceOnly=true")
                guard case .reduces(let closed) = close.exposure(from: position, sample.account) else {
                    Issue.record(sample.description)
                    continue
                }
                let most = (buys ? before.longs : before.shorts).max() ?? 0
                #expect(closed.quantity ?? 0 >= Amount(most), "\(leg) \(sample.description)")
            }
        }
    }

    @Test(
        "the bound of a claim is exact: with the account at the bound the verdict stands, one unit beyond it does not")
    func bounds() throws {
        var random = SeededGenerator(seed: 43)
        var checked = 0
        for _ in 0..<2_000 {
            let sample = Sample(&random, namesLegs: Bool.random(using: &random))
            let position = Position.at(Amount(sample.position))
            let intent = try sample.intent
            /// The exposure if the order's plain lane were so full that the claim's lanes sum up to `sum`.
            func exposure(_ claim: Claim, _ sum: Amount) -> (Exposure, holds: Bool) {
                var account = sample.account
                let lanes = claim.bound?.lanes ?? LaneSet([])
                let lane = sample.buys ? 0 : 1
                account.totals[lane] = account.totals[lane].plus(sum.less(account.totals.sum(lanes)))
                return (intent.exposure(from: position, account), claim.holds(with: account.totals))
            }
            switch intent.exposure(from: position, sample.account) {
            case .opens(let opening):
                let limit = Amount(Int.random(in: 0...20, using: &random))
                let isWithin = opening.most <= limit
                let beyond = opening.claims(beyond: limit).all.first { $0.bound?.relation == .moreThan }
                guard let claim = isWithin ? opening.claim(upTo: limit) : beyond, let bound = claim.bound?.limit else {
                    continue
                }
                checked += 1
                #expect(claim.holds(with: sample.account.totals))
                // With less under way an order that may close something reduces, before it is within the limit.
                guard isWithin || opening.capped == nil else { continue }
                let (full, fullHolds) = exposure(claim, bound)
                #expect(full.most ?? 0 == limit && fullHolds == isWithin, sample.description)
                let (over, overHolds) = exposure(claim, bound.plus(Amount(units: 1)))
                #expect(over.most ?? 0 > limit && overHolds != isWithin, sample.description)
            case .reduces(let reduction):
                let claim = try #require(reduction.claim(intent.symbol))
                let bound = try #require(claim.bound?.limit)
                checked += 1
                #expect(exposure(claim, bound).0.most == nil, sample.description)
                #expect(exposure(claim, bound).holds)
                #expect(exposure(claim, bound.plus(Amount(units: 1))).0.most != nil, sample.description)
                #expect(!exposure(claim, bound.plus(Amount(units: 1))).holds)
            case .unchanged, .unknown: Issue.record(sample.description)
            }
        }
        #expect(checked > 1_000)
    }

    @Test("a cut close stands while there is no more to close, to the last unit")
    func closingRoom() throws {
        var random = SeededGenerator(seed: 44)
        var checked = 0
        for _ in 0..<1_000 {
            let sample = Sample(&random, namesLegs: Bool.random(using: &random))
            let position = Position.at(Amount(sample.position))
            let plan = random.pick(["SELL 9 reduceOnly=true", "BUY 9 reduceOnly=true", "FULL_CLOSE", "CLOSE 9"])
            let intent = try Intent.plan(plan)
            guard case .reduces(let reduction) = intent.exposure(from: position, sample.account),
                let claim = reduction.claim(intent.symbol)
            else { continue }
            checked += 1
            #expect(claim.holds(with: sample.account.totals))
            for lane in PositionPool.Lane.allCases {
                var account = sample.account
                account[lane] = account[lane].plus(Amount(units: 1))
                guard case .reduces(let more) = intent.exposure(from: position, account) else { continue }
                // Whatever leaves more to close breaks the claim.
                if more.quantity != reduction.quantity, more.quantity ?? 0 > reduction.quantity ?? 0 {
                    #expect(!claim.holds(with: account.totals), "\(plan) \(lane) \(sample.description)")
                }
            }
        }
        #expect(checked > 500)
    }
}

extension Exposure {
    /// The most exposure after an order that opens.
    fileprivate var most: Amount? {
        if case .opens(let opening) = self { opening.most } else { nil }
    }
}
