import GateAPI
import GateTestSupport
import SeededRandom
import Testing
import TradingState

/// A10: accounts as they lie in Redis, written well and badly.
@Suite struct AccountTests {
    private static func totals(_ fields: Fields) throws -> [Amount] {
        let account = try Account<PositionPool>(fields: fields)
        return PositionPool.Lane.allCases.map { account[$0] }
    }

    @Test("an account is read as the commit writes it")
    func reads() throws {
        let fields: Fields = [
            "t:0": "75000000", "t:3": "50000000", "t:3w": "20000", "g:s.1795354682000:0": "50000000",
            "x:1795354621000:0": "25000000", "shown": "0", "held": "1",
        ]
        let account = try Account<PositionPool>(fields: fields)
        #expect(try account[.buy] == Amount("0.75"))
        #expect(try account[.cappedSell] == Amount("20000.5"))
        #expect(account[.sell] == 0)
        #expect(account.isHeld)
        #expect(account.timestamp == nil)
        #expect(try Self.totals(["held": "0"]) == Array(repeating: 0, count: 8))
        #expect(try !Account<PositionPool>(fields: ["held": "0"]).isHeld)
    }

    @Test(
        "totals are written as they are read", arguments: ["0.00000001", "9999.99999999", "10000", "123456.00000001"])
    func roundTrip(amount: String) throws {
        let account = Account<PositionPool>([(.openShort, try Amount(amount)), (.buy, 1)])
        #expect(
            try Account<PositionPool>(fields: Fields(AccountFields.fields(account.totals))).totals == account.totals)
    }

    @Test(
        "A10: totals of which one cannot be read are replaced by the buckets that can",
        arguments: ["x", "", "1.5", "nan", "99999999999999999999", "-1"])
    func garbled(total: String) throws {
        let fields: Fields = [
            "t:0": total, "t:7": "5", "g:s.1795354682000:0": "50000000", "g:s.1795354682000:7": "100000000",
            "g:b.1795354682000:0": "garbage", "g:c.1795354682000:9": "9", "g:d.1795354682000:1": "-7",
            "x:1795354621000:0": "25000000", "x:1795354621000:7w": "2", "held": "0", "other:0": "100",
        ]
        let account = try Account<PositionPool>(fields: fields)
        #expect(try account[.buy] == Amount("0.75"))
        #expect(account[.closeShort] == 3)
        #expect(account[.sell] == 0)
    }

    @Test("an account taken apart has its buckets, each with its moment, and says what does not fit")
    func buckets() throws {
        let fields: Fields = [
            "t:0": "75000000", "t:3": "200000000", "g:a.1795354682000:0": "50000000", "x:1795354621000:0": "25000000",
            "x:1795354621000:3": "200000000", "shown": "0", "held": "1",
        ]
        let buckets = AccountBuckets(fields: fields)
        #expect(buckets.given.map(\.label) == ["a.1795354682000"])
        #expect(buckets.given.map(\.moment) == [Timestamp(milliseconds: 1_795_354_682_000)])
        #expect(buckets.executed.map(\.moment) == [Timestamp(milliseconds: 1_795_354_621_000)])
        #expect(buckets.executedTotals[3] == 2)
        #expect(buckets.damage == [])
        #expect(buckets.contradiction == nil)
        let contradicting: Fields = ["t:0": "1", "g:a.1795354682000:0": "2"]
        #expect(AccountBuckets(fields: contradicting).contradiction?[0] == Amount(units: 1, decimals: 8))
        #expect(AccountBuckets(fields: contradicting).damage == ["the totals are not the sums of the buckets"])
    }

    @Test(
        "a bucket goes with a snapshot that is later than its moment by more than the margin, or when it is too old",
        arguments: [
            // The moment now, the snapshot; which of the given and the executed bucket stays.
            (now: 10_000, snapshot: nil, given: true, executed: true),
            (now: 10_000, snapshot: 7_000, given: true, executed: true),
            (now: 10_000, snapshot: 7_001, given: true, executed: false),
            (now: 10_000, snapshot: 9_001, given: false, executed: false),
            // A given bucket has not ended yet.
            (now: 3_999, snapshot: 99_000, given: true, executed: false),
            (now: 62_000, snapshot: nil, given: true, executed: false),
            (now: 64_000, snapshot: nil, given: false, executed: false),
        ] as [(now: Int64, snapshot: Int64?, given: Bool, executed: Bool)])
    func tidied(now: Int64, snapshot: Int64?, given: Bool, executed: Bool) {
        let fields: Fields = ["t:0": "3", "g:a.4000:0": "1", "x:2000:0": "2"]
        let tidied = AccountBuckets(fields: fields).tidied(
            now: Timestamp(milliseconds: now), snapshot: snapshot.map { Timestamp(milliseconds: $0) },
            margin: .seconds(5), executedLife: .seconds(60))
        #expect(!tidied.given.isEmpty == given)
        #expect(!tidied.executed.isEmpty == executed)
    }

    @Test("an account of random bytes is read as something, never refused, never negative")
    func garbage() throws {
        var random = SeededGenerator(seed: 61)
        for _ in 0..<3_000 {
            var buffer: [UInt8] = []
            var positions: [Fields.Position] = []
            func append(_ bytes: [UInt8]) -> Range<Int> {
                buffer += bytes
                return buffer.count - bytes.count..<buffer.count
            }
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let name = append(Array(random.pick(["t:0", "t:1w", "t:", "g:a.1:0", "x:1:3", "held", "g:"]).utf8))
                let value = append(
                    Bool.random(using: &random)
                        ? random.bytes(Int.random(in: 0...20, using: &random))
                        : Array(
                            random.pick([
                                "1", "-1", "9223372036854775807", "-9223372036854775808", "", " ", "1e3", "1.5",
                            ]).utf8))
                positions.append(.init(name: name, value: value))
            }
            let account = try Account<PositionPool>(fields: Fields(buffer: buffer, positions: positions[...]))
            #expect(PositionPool.Lane.allCases.allSatisfy { !account[$0].isNegative })
        }
    }

    @Test("sums saturate")
    func saturates() throws {
        #expect(Account<PositionPool>([(.buy, .max), (.sell, .max)]).totals.sum(LaneSet([0, 1])) == .max)
    }

    @Test("an account that is not there is empty, one that the deployment does not keep is none")
    func missing() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        var inputs = Inputs(now: Timestamp(seconds: 1))
        #expect(try inputs.account(PositionPool.self, symbol) == nil)
        inputs.fail(Account<PositionPool>.self, for: symbol, .missing)
        #expect(try inputs.account(PositionPool.self, symbol)?[.buy] == 0)
        inputs.fail(Account<PositionPool>.self, for: symbol, .unavailable(detail: "WRONGTYPE"))
        #expect(throws: InputFailure.unavailable(detail: "WRONGTYPE")) {
            try inputs.account(PositionPool.self, symbol)
        }
    }

    @Test("W1: later intents of a batch see what a permit takes, in every symbol of a portfolio's account")
    func takes() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        let other = try #require(Symbol("ETHUSDT"))
        var inputs = Inputs(now: Timestamp(seconds: 1))
        inputs.fail(Account<HeatPool>.self, for: symbol, .missing)
        inputs.fail(Account<PositionPool>.self, for: symbol, .missing)
        inputs.take(Claim(taking: 5, from: HeatPool.self, .held, symbol, upTo: 9))
        inputs.take(Claim(taking: 4, from: HeatPool.self, .held, other, upTo: 9))
        inputs.take(Claim(taking: 4, from: PositionPool.self, .openShort, symbol, upTo: 9))
        #expect(try inputs.account(HeatPool.self, other)?[.held] == 9)
        #expect(try inputs.account(PositionPool.self, symbol)?[.openShort] == 4)
    }

    @Test(
        "K2: the ledger keeps eight decimals, a share's further digits rounded up",
        arguments: [
            ("1e-20", 1, 0), ("0.000000010000000001", 2, 0), ("0.0051020147856388485", 510_202, 0),
            ("9999.99999999", 999_999_999_999, 0), ("9999.999999990000000001", 0, 10_000),
            ("10000.00000000000000000001", 1, 10_000), ("1700000000000000000", 0, 1_000_000_000_000_000),
        ] as [(String, Int64, Int64)])
    func shares(amount: String, units: Int64, whole: Int64) throws {
        let share = LedgerAmount(try Amount(amount))
        #expect((share.units, share.whole) == (units, whole))
        let symbol = try #require(Symbol("BTCUSDT"))
        // As later intents of the batch see it, and as it comes back.
        let claim = Claim(taking: try Amount(amount), from: HeatPool.self, .held, symbol)
        #expect(LedgerAmount(claim.amount) == share)
    }

    @Test("K2: a claim's bound is exact, beyond the ledger's decimals too")
    func exactBound() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        let amount = try Amount("4.000000000000000001")
        let within = Claim(taking: amount, from: HeatPool.self, .held, symbol, upTo: 9)
        #expect(try within.amount == Amount("4.00000001"))
        #expect(try within.bound?.limit == Amount("4.999999999999999999"))
        #expect(!within.holds(with: Account<HeatPool>([(.held, 5)]).totals))
        let held = Account<HeatPool>([(.held, Amount(units: 499_999_999, decimals: 8))])
        #expect(within.holds(with: held.totals))
    }

    @Test("K2: a bound says the same of every account with the limit's digits beyond the ledger's cut off")
    func cutBounds() {
        var random = SeededGenerator(seed: 32)
        for _ in 0..<5_000 {
            let near = Int64.random(
                in: 0...random.pick([10, 100_000_000_000, 1_000_000_000_000_000_000]), using: &random)
            let total = Amount(units: near, decimals: Amount.ledgerDecimals)
            let limit = max(
                .zero,
                total.plus(Amount(units: Int128.random(in: -3_000_000_000_000...3_000_000_000_000, using: &random))))
            let cut = limit.rounded(toDecimals: Amount.ledgerDecimals, .towardZero)
            #expect((total <= limit) == (total <= cut) && (total > limit) == (total > cut), "\(total) \(limit)")
        }
    }

    @Test("a whole part beyond every amount is the largest amount")
    func wholeBeyond() throws {
        #expect(try Account<PositionPool>(fields: ["t:0w": "9223372036854775807"])[.buy] == .max)
    }

    @Test("a claim's bound is on what is there without it")
    func claims() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        let within = Claim(taking: 4, from: HeatPool.self, .held, symbol, upTo: 9)
        #expect(within.bound?.limit == 5)
        #expect(within.holds(with: Account<HeatPool>([(.held, 5)]).totals))
        #expect(!within.holds(with: Account<HeatPool>([(.held, Amount(units: 500_000_001, decimals: 8))]).totals))
        let beyond = Claim(taking: 4, from: HeatPool.self, .held, symbol, isMoreThan: 5)
        #expect(!beyond.holds(with: Account<HeatPool>([(.held, 5)]).totals))
        #expect(Claim(taking: 4, from: HeatPool.self, .held, symbol, isMoreThan: -1).bound == nil)
    }
}
