import GateAPI
import GateTestSupport
import Testing
import TradingState

/// What is under way, and the legs: the rows of the exposure ledger's table that the rules decide.
@Suite struct ExposureLedgerTests {
    private static func exposure(
        _ plan: String, _ position: Position?, _ underWay: [(PositionPool.Lane, Amount)] = [], isAssumed: Bool = false
    ) throws -> String {
        try Intent.plan(plan).exposure(from: position, Account(underWay), isAssumed: isAssumed).text
    }

    static let both: [(PositionPool.Lane, Amount)] = [(.cappedBuy, 10), (.cappedSell, 10)]

    @Test("A2: a plain sell beside a close cannot flip the position")
    func flip() throws {
        #expect(try Self.exposure("SELL 10 ENTRY_PROPOSED", .at(10)) == "reduces 10")
        #expect(try Self.exposure("SELL 10 ENTRY_PROPOSED", .at(10), Self.both) == "opens 10 or closes 10")
        #expect(try Self.exposure("SELL 4", .at(10), [(.cappedSell, 6)]) == "reduces 4")
        #expect(try Self.exposure("SELL 4", .at(10), [(.cappedSell, 7)]) == "opens 4 or closes 4")
    }

    @Test(
        "A2: a close that is granted after a plain order cannot make it open: the permit of a plain reduction is capped"
    )
    func laterClose() throws {
        guard case .reduces(let plain) = try Intent.plan("SELL 4").exposure(from: .at(10)),
            case .reduces(let capped) = try Intent.plan("SELL 4 reduceOnly=true").exposure(from: .at(10))
        else {
            Issue.record("opens")
            return
        }
        #expect(plain.capped == .reduceOnly(4))
        #expect(capped.capped == nil)
        // A flip gets no credit for the position that it finds.
        #expect(try Self.exposure("SELL 12", .at(10)) == "opens 12 or closes 10")
    }

    @Test("A3: plain closes at once leave no short position")
    func closesAtOnce() throws {
        let plan = "FULL_CLOSE_PROPOSED SELL 10"
        #expect(try Self.exposure(plan, .at(10)) == "reduces 10")
        #expect(try Self.exposure(plan, .at(10), [(.sell, 10)]) == "opens 20 or closes 10")
        #expect(try Self.exposure("FULL_CLOSE_PROPOSED", .at(10), [(.sell, 10)]) == "reduces 10")
    }

    @Test(
        "A3: one rule decides whether an order is capped",
        arguments: [
            ("SELL 4", false), ("SELL 4 reduceOnly=true", true), ("SELL 4 reduceOnly=false", false), ("CLOSE 4", true),
            ("CLOSE 4 reduceOnly=false", true), ("FULL_CLOSE", true), ("PARTIAL_25 qty=4", true),
            ("FULL_CLOSE SELL 4", false), ("FULL_CLOSE SELL", true), ("FULL_CLOSE SELL qty=x", true),
            ("ENTRY_PROPOSED", false), ("SELL 4 positionSide=LONG", true), ("SELL 4 positionSide=SHORT", false),
            ("BUY 4 positionSide=SHORT", true), ("BUY 4 positionSide=LONG", false), ("CLOSE 4 positionSide=LONG", true),
            ("FULL_CLOSE positionSide=SHORT", true), ("FULL_CLOSE BUY 4 positionSide=LONG", false),
            ("BUY 4 positionSide=LONG reduceOnly=true", true), ("SELL 4 positionSide=up", false),
            ("SELL 4 positionSide=BOTH", false), ("SELL closePosition=1", true),
        ])
    func capped(plan: String, isCapped: Bool) throws {
        #expect(try Intent.plan(plan).isCapped == isCapped)
    }

    @Test("B1: a close is granted beside one that may never be used")
    func granted() throws {
        #expect(try Self.exposure("SELL 10", .at(10), [(.sell, 10)]) == "opens 20 or closes 10")
        #expect(try Self.exposure("SELL 4", .at(6), [(.sell, 4)]) == "opens 8 or closes 4")
    }

    @Test("B4: with an assumed position any order may find something to close")
    func assumed() throws {
        #expect(try Self.exposure("SELL 10", .flat, isAssumed: true) == "opens 10 or closes 10")
        #expect(try Self.exposure("SELL 10", .flat) == "opens 10")
        #expect(try Self.exposure("FULL_CLOSE", .flat, isAssumed: true) == "reduces ?")
        #expect(try Self.exposure("BUY 1 positionSide=LONG", .flat, isAssumed: true) == "opens 1")
    }

    @Test(
        "B5: with an unknown position an order of known direction and quantity may be a close",
        arguments: [
            ("SELL 10", Amendment.reduceOnly(10)), ("SELL", nil), ("qty=10", nil), ("SELL qty=x", nil),
            ("BUY 1 positionSide=LONG", nil), ("BUY 1 positionSide=SHORT", .reduceOnly(1)),
            ("SELL 1 positionSide=up", .reduceOnly(1)),
        ] as [(String, Amendment?)])
    func unknown(plan: String, amendment: Amendment?) throws {
        #expect(try Intent.plan(plan).capped == amendment)
    }

    @Test("B7: a close is sized by the most position that may remain")
    func sized() throws {
        #expect(try Self.exposure("FULL_CLOSE qty=5", .at(1), [(.buy, 4)]) == "reduces 5")
        #expect(try Self.exposure("FULL_CLOSE", .at(0), [(.buy, 4)]) == "reduces 4")
        #expect(try Self.exposure("FULL_CLOSE", .at(0), [(.buy, 4), (.sell, 6)]) == "reduces 6")
        #expect(try Self.exposure("PARTIAL_25", .at(4), [(.buy, 4)]) == "reduces 2")
        #expect(try Self.exposure("FULL_CLOSE SELL", .at(4), [(.sell, 4), (.cappedSell, 4)]) == "reduces 4")
    }

    @Test("D5: a capped order opens nothing, so it makes no open larger")
    func cappedBuys() throws {
        #expect(try Self.exposure("BUY 1 reduceOnly=true", .at(0)) == "reduces 0")
        #expect(try Intent.plan("BUY 1 reduceOnly=true").lanes == [.cappedBuy])
        #expect(try Self.exposure("BUY 1", .at(0), [(.cappedBuy, 100)]) == "opens 1")
    }

    private static let hedged = Position.at(2, PositionLegs(long: 3, short: 1))

    @Test(
        "H1: the leg decides what an order opens or closes",
        arguments: [
            ("SELL 1 positionSide=LONG reduceOnly=true", "reduces 1"), ("SELL 9 positionSide=LONG", "reduces 3"),
            ("BUY 9 positionSide=short", "reduces 1"), ("FULL_CLOSE positionSide=Short", "reduces 1"),
            ("CLOSE positionSide=LONG", "reduces 3"), ("BUY 1 positionSide=LONG", "opens 5"),
            ("SELL 1 position_side=SHORT", "opens 5"),
            // It names no leg of two: the larger may be meant, and it may open either.
            ("FULL_CLOSE", "reduces 3"), ("SELL 9 reduceOnly=true", "reduces 3"),
            ("BUY 9 reduceOnly=true", "reduces 1"),
            ("SELL 1", "opens 5 or closes 1"), ("BUY 2", "opens 6 or closes 1"),
            ("SELL 2 positionSide=up", "opens 6 or closes 2"), ("SELL 9 reduceOnly=true positionSide=up", "reduces 3"),
            // The leg's opening side has nothing to close: it may be the other.
            ("BUY 9 reduceOnly=true positionSide=LONG", "reduces 1"),
        ])
    func legs(plan: String, exposure: String) throws {
        #expect(try Self.exposure(plan, Self.hedged) == exposure)
    }

    @Test(
        "H1: a record of one position proves nothing about the other leg",
        arguments: [
            ("SELL 5 positionSide=LONG", "reduces 4"), ("BUY 5 positionSide=SHORT", "reduces 5"),
            ("FULL_CLOSE positionSide=SHORT", "reduces ?"), ("SELL 5 reduceOnly=true positionSide=up", "reduces 5"),
            ("SELL 5 positionSide=SHORT", "opens 9"), ("SELL 4 positionSide=up", "opens 8 or closes 4"),
        ])
    func oneRecord(plan: String, exposure: String) throws {
        #expect(try Self.exposure(plan, .at(4)) == exposure)
    }

    @Test("H1: orders under way count in their legs")
    func legsUnderWay() throws {
        let underWay: [(PositionPool.Lane, Amount)] = [(.openLong, 2), (.closeLong, 1), (.openShort, 5)]
        #expect(try Self.exposure("BUY 1 positionSide=LONG", Self.hedged, underWay) == "opens 12")
        #expect(try Self.exposure("SELL 9 positionSide=LONG", Self.hedged, underWay) == "reduces 5")
        #expect(try Self.exposure("BUY 9 positionSide=SHORT", Self.hedged, underWay) == "reduces 6")
    }

    @Test(
        "H1: an order takes from its leg's lane",
        arguments: [
            ("BUY 1 positionSide=LONG", [PositionPool.Lane.openLong]), ("SELL 1 positionSide=LONG", [.closeLong]),
            ("SELL 1 positionSide=SHORT", [.openShort]), ("BUY 1 positionSide=SHORT", [.closeShort]),
            ("FULL_CLOSE positionSide=SHORT", [.closeShort]), ("FULL_CLOSE", [.cappedBuy, .cappedSell]),
            ("BUY 1 positionSide=LONG reduceOnly=true", [.cappedBuy]), ("SELL 1 positionSide=up", [.sell]),
            ("SELL 1", [.sell]), ("FULL_CLOSE SELL", [.cappedSell]), ("HOLD", []),
        ])
    func lanes(plan: String, lanes: [PositionPool.Lane]) throws {
        #expect(try Intent.plan(plan).lanes == lanes)
    }

    @Test("W2: the size of a close of an unknown position is unknown, not zero")
    func unknownSize() throws {
        #expect(try Self.exposure("FULL_CLOSE", nil, [(.buy, 4)]) == "reduces ?")
        #expect(try Self.exposure("PARTIAL_25", nil) == "reduces ?")
        #expect(try Self.exposure("FULL_CLOSE qty=5", nil) == "reduces 5")
    }
}
