import GateAPI
import Testing
import TradingState

/// The exposure of an intent when the position may be unreadable.
@Suite struct InputsExposureTests {
    static let now = Timestamp(seconds: 1_795_354_622)
    static let limit = Duration.seconds(300)

    enum Snapshot: Sendable {
        case long
        case failed(InputFailure)

        func inputs(_ symbol: Symbol) -> Inputs {
            var inputs = Inputs(now: InputsExposureTests.now)
            switch self {
            case .long:
                inputs.set(Position(quantity: 10, markPrice: 100, timestamp: InputsExposureTests.now), for: symbol)
            case .failed(let failure): inputs.fail(Position.self, for: symbol, failure)
            }
            return inputs
        }
    }

    private func exposure(
        _ pairs: [(String, String)], _ snapshot: Snapshot, _ missing: MissingPosition
    ) throws -> Result<Exposure, InputFailure> {
        let fields = Fields([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT")] + pairs)
        let intent = try #require(Intent.parse(id: EntryID(milliseconds: 1, sequence: 0), fields: fields).intent)
        do throws(InputFailure) {
            return .success(
                try snapshot.inputs(intent.symbol).exposure(of: intent, within: Self.limit, missing: missing).exposure)
        } catch {
            return .failure(error)
        }
    }

    static let sell = [("side", "SELL"), ("qty", "4")]

    @Test("a readable position decides", arguments: [MissingPosition.flat, .unknown])
    func readable(missing: MissingPosition) throws {
        #expect(try exposure(Self.sell, .long, missing) == .success(.reduces(quantity: 4)))
        #expect(
            try exposure([("side", "BUY"), ("qty", "4"), ("reduceOnly", "true")], .long, missing)
                == .success(.adds(before: 10, after: 14)))
    }

    static let failures: [InputFailure] = [
        .missing, .stale(age: .seconds(301), limit: limit), .futureDated(by: .seconds(9)),
        .malformed(field: "position_amt"), .nonFinite(field: "position_amt"),
        .unavailable(detail: "WRONGTYPE"),
    ]

    @Test(
        "without one, an intent that calls itself a reduction is believed, and any other gets the failure",
        arguments: failures)
    func unreadable(failure: InputFailure) throws {
        #expect(try exposure(Self.sell, .failed(failure), .unknown) == .failure(failure))
        #expect(
            try exposure(Self.sell + [("reduceOnly", "true")], .failed(failure), .unknown)
                == .success(.reduces(quantity: 4)))
        #expect(
            try exposure([("action", "FULL_CLOSE_PROPOSED")], .failed(failure), .unknown)
                == .success(.reduces(quantity: nil)))
        #expect(try exposure([("action", "UPDATE_SL")], .failed(failure), .unknown) == .success(.unchanged))
    }

    @Test("a missing snapshot may count as a flat position, an unreadable one never does")
    func flat() throws {
        #expect(try exposure(Self.sell, .failed(.missing), .flat) == .success(.adds(before: 0, after: -4)))
        for failure in Self.failures.dropFirst() {
            #expect(try exposure(Self.sell, .failed(failure), .flat) == .failure(failure))
        }
    }

    @Test(
        "a close is believed even if a missing snapshot counts as flat, unless `reduceOnly` is false",
        arguments: [
            ([("action", "FULL_CLOSE_PROPOSED")], Exposure.reduces(quantity: nil)),
            ([("side", "CLOSE"), ("qty", "4"), ("reduceOnly", "true")], .reduces(quantity: 4)),
            (sell + [("reduceOnly", "true")], .reduces(quantity: 4)),
            (sell + [("action", "FULL_CLOSE_PROPOSED")], .reduces(quantity: 4)),
            (sell + [("action", "FULL_CLOSE_PROPOSED"), ("reduceOnly", "false")], .adds(before: 0, after: -4)),
            ([("action", "FULL_CLOSE_PROPOSED"), ("reduceOnly", "false")], .reduces(quantity: 0)),
            ([("action", "UPDATE_SL")], .unchanged),
            ([("side", "BUY")], .unknown(.quantityUnknown)),
        ] as [([(String, String)], Exposure)])
    func closesWithoutSnapshot(pairs: [(String, String)], expected: Exposure) throws {
        #expect(try exposure(pairs, .failed(.missing), .flat) == .success(expected))
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
    }
}
