import GateAPI
import GateTestSupport
import Testing
import TradingState

/// The exposure of an intent when the position or the account may be unreadable.
@Suite struct InputsExposureTests {
    static let now = Timestamp(seconds: 1_795_354_622)
    static let limit = Duration.seconds(300)

    struct Records: Sendable {
        var position: Result<Position, InputFailure> = .failure(.missing)
        var long: Result<LegRecord, InputFailure>?
        var short: Result<LegRecord, InputFailure>?
        var account: Result<Account<PositionPool>, InputFailure>?

        /// A long position of 10 that a fresh snapshot shows.
        static var long10: Records {
            Records(position: .success(Position(quantity: 10, markPrice: 100, timestamp: now)))
        }

        func inputs(_ symbol: Symbol) -> Inputs {
            var inputs = Inputs(now: now)
            inputs.set(position.map { $0 }, for: InputKey(Position.self, symbol))
            if let long { inputs.set(long.map { LongPosition($0) }, for: InputKey(LongPosition.self, symbol)) }
            if let short { inputs.set(short.map { ShortPosition($0) }, for: InputKey(ShortPosition.self, symbol)) }
            if let account { inputs.set(account.map { $0 }, for: InputKey(Account<PositionPool>.self, symbol)) }
            return inputs
        }

        /// The exposure in words, ` (assumed)` behind it, or the failure that is thrown.
        func exposure(_ plan: String, _ missing: MissingPosition = .unknown) throws -> String {
            let intent = try Intent.plan(plan)
            do throws(InputFailure) {
                let judged = try inputs(intent.symbol).exposure(of: intent, within: limit, missing: missing)
                return judged.exposure.text + (judged.isAssumed ? " (assumed)" : "")
            } catch {
                return "\(error)"
            }
        }
    }

    @Test("a readable position decides", arguments: [MissingPosition.flat, .unknown])
    func readable(missing: MissingPosition) throws {
        #expect(try Records.long10.exposure("SELL 4", missing) == "reduces 4")
        #expect(try Records.long10.exposure("BUY 4", missing) == "opens 14")
    }

    static let failures: [InputFailure] = [
        .missing, .stale(age: .seconds(301), limit: limit), .futureDated(by: .seconds(9)),
        .malformed(field: "position_amt"), .nonFinite(field: "position_amt"),
        .unavailable(detail: "WRONGTYPE"),
    ]

    @Test("without one, a capped order reduces, and any other gets the failure", arguments: failures)
    func unreadable(failure: InputFailure) throws {
        let records = Records(position: .failure(failure))
        #expect(try records.exposure("SELL 4") == "\(failure)")
        #expect(try records.exposure("FULL_CLOSE SELL 4") == "\(failure)")
        #expect(try records.exposure("SELL 4 reduceOnly=true") == "reduces 4")
        #expect(try records.exposure("FULL_CLOSE_PROPOSED") == "reduces ?")
        #expect(try records.exposure("UPDATE_SL") == "unchanged")
    }

    @Test("a missing snapshot may count as a flat position, an unreadable one never does")
    func flat() throws {
        #expect(try Records().exposure("SELL 4", .flat) == "opens 4 or closes 4 (assumed)")
        for failure in Self.failures.dropFirst() {
            #expect(try Records(position: .failure(failure)).exposure("SELL 4", .flat) == "\(failure)")
        }
    }

    @Test(
        "an assumed position proves nothing about a close",
        arguments: [
            ("FULL_CLOSE_PROPOSED", "reduces ?"), ("CLOSE 4 reduceOnly=true", "reduces 4"),
            ("FULL_CLOSE SELL", "reduces ?"),
            ("FULL_CLOSE_PROPOSED SELL 4", "opens 4 or closes 4"), ("UPDATE_SL", "unchanged"),
            ("BUY", "unknown quantity_unknown"),
        ])
    func closesWithoutSnapshot(plan: String, expected: String) throws {
        #expect(try Records().exposure(plan, .flat) == "\(expected) (assumed)")
    }

    @Test("A5: a symbol whose account says that something is held is not assumed to be flat")
    func held() throws {
        let account = try Account<PositionPool>(fields: ["held": "1"])
        #expect(try Records(account: .success(account)).exposure("SELL 4", .flat) == "missing")
        #expect(try Records(account: .success(account)).exposure("FULL_CLOSE", .flat) == "reduces ?")
        let none = try Account<PositionPool>(fields: ["held": "0"])
        #expect(try Records(account: .success(none)).exposure("SELL 4", .flat) == "opens 4 or closes 4 (assumed)")
    }

    @Test(
        "an account that cannot be read stops no capped order; any other gets the failure",
        arguments: failures.dropFirst())
    func unreadableAccount(failure: InputFailure) throws {
        var records = Records.long10
        records.account = .failure(failure)
        #expect(try records.exposure("SELL 4") == "\(failure)")
        #expect(try records.exposure("SELL 4 reduceOnly=true") == "reduces 4")
        #expect(try records.exposure("UPDATE_SL") == "unchanged")
        records.account = .failure(.missing)
        #expect(try records.exposure("SELL 4") == "reduces 4")
    }

    private static func leg(_ quantity: Amount, age: Int64 = 0) -> Result<LegRecord, InputFailure> {
        .success(LegRecord(quantity: quantity, timestamp: Timestamp(seconds: 1_795_354_622 - age)))
    }

    @Test("H1: the legs' own records count if the symbol's record shows no legs")
    func legs() throws {
        var records = Records.long10
        records.long = Self.leg(3)
        records.short = Self.leg(1)
        #expect(try records.exposure("FULL_CLOSE positionSide=LONG") == "reduces 3")
        #expect(try records.exposure("BUY 1 positionSide=LONG") == "opens 5")
        // A plan that names no leg is judged by the symbol's record alone.
        #expect(try records.exposure("SELL 10") == "reduces 10")
        records.position = .success(Position.at(1, PositionLegs(long: 7, short: 6)).stamped(Self.now))
        #expect(try records.exposure("FULL_CLOSE positionSide=LONG") == "reduces 7")
        records.position = .failure(.stale(age: .seconds(301), limit: Self.limit))
        #expect(try records.exposure("FULL_CLOSE positionSide=LONG") == "reduces 3")
    }

    @Test("H1: a leg without a record of its own is missing if it is the intent's, and empty if it is not")
    func missingLegs() throws {
        let records = Records(long: Self.leg(3), short: .failure(.missing))
        #expect(try records.exposure("BUY 1 positionSide=LONG") == "opens 4")
        #expect(try records.exposure("FULL_CLOSE positionSide=LONG") == "reduces 3")
        #expect(try records.exposure("SELL 1 positionSide=SHORT") == "missing")
        #expect(try records.exposure("SELL 1 positionSide=SHORT", .flat) == "opens 4 (assumed)")
        #expect(try records.exposure("FULL_CLOSE positionSide=SHORT", .flat) == "reduces ? (assumed)")
        #expect(
            try Records(long: .failure(.missing), short: .failure(.missing)).exposure("BUY 1 positionSide=LONG")
                == "missing")
    }

    @Test("H1: a leg's record that cannot be used stops an opening, and no close")
    func unusableLegs() throws {
        var records = Records(long: Self.leg(3, age: 301), short: Self.leg(1))
        #expect(try records.exposure("BUY 1 positionSide=LONG", .flat).hasPrefix("stale"))
        #expect(try records.exposure("SELL 1 positionSide=SHORT", .flat).hasPrefix("stale"))
        #expect(try records.exposure("BUY 1 positionSide=SHORT", .flat) == "reduces 1")
        records.long = .failure(.malformed(field: "position_amt"))
        #expect(try records.exposure("SELL 2 positionSide=LONG", .flat) == "reduces 2")
    }

    @Test("a snapshot's age is measured against the limit")
    func stale() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        var inputs = Inputs(now: Self.now)
        inputs.set(Position(quantity: 1, markPrice: nil, timestamp: Timestamp(seconds: 1_795_354_322)), for: symbol)
        #expect(try inputs.position(symbol, within: Self.limit, missing: .flat).quantity == 1)
        inputs.set(Position(quantity: 1, markPrice: nil, timestamp: Timestamp(seconds: 1_795_354_321)), for: symbol)
        #expect(throws: InputFailure.stale(age: .seconds(301), limit: Self.limit)) {
            try inputs.position(symbol, within: Self.limit, missing: .flat)
        }
        #expect(try inputs.position(for: Intent.plan("SELL 1"), within: nil).quantity == 1)
    }
}

extension Position {
    fileprivate func stamped(_ time: Timestamp) -> Position {
        Position(quantity: quantity, legs: legs, markPrice: markPrice, timestamp: time)
    }
}
