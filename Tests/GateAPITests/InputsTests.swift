import GateAPI
import Testing

/// A record as a gate author would write one.
private struct Depth: StateRecord, Equatable {
    static let keys: [RecordKey] = [.perSymbol(prefix: "quantum:state:depth:")]
    var size: Amount
    var timestamp: Timestamp?

    init(size: Amount, timestamp: Timestamp?) {
        self.size = size
        self.timestamp = timestamp
    }

    init(fields: Fields) throws(InputFailure) {
        size = try fields.required("size")
        timestamp = try fields.timestamp("ts")
    }
}

private struct Switch: StateRecord {
    static let keys: [RecordKey] = [.single("quantum:switch")]
    static let form = RecordForm.string
    var timestamp: Timestamp? { nil }
    init(fields: Fields) throws(InputFailure) {}
}

@Suite struct InputsTests {
    private let now = Timestamp(seconds: 1_795_354_622)
    private let symbol: Symbol
    private let other: Symbol

    init() throws {
        symbol = try #require(Symbol("BTCUSDT"))
        other = try #require(Symbol("ETHUSDT"))
    }

    private func age(_ microseconds: Int64) -> Timestamp { Timestamp(microseconds: now.microseconds - microseconds) }

    @Test(
        "a record is fresh up to its limit, to the microsecond, and from the future up to the tolerated skew",
        arguments: [
            (0, nil), (30_000_000, nil),
            (30_000_001, InputFailure.stale(age: .microseconds(30_000_001), limit: .seconds(30))),
            (-2_000_000, nil), (-2_000_001, .futureDated(by: .microseconds(2_000_001))),
            (86_400_000_000, .stale(age: .seconds(86_400), limit: .seconds(30))),
        ] as [(Int64, InputFailure?)])
    func fresh(microseconds: Int64, failure: InputFailure?) throws {
        var inputs = Inputs(now: now)
        inputs.set(Depth(size: 5, timestamp: age(microseconds)), for: symbol)
        if let failure {
            #expect(throws: failure) { try inputs.fresh(Depth.self, symbol, within: .seconds(30)) }
        } else {
            #expect(try inputs.fresh(Depth.self, symbol, within: .seconds(30)).size == 5)
        }
        #expect(try inputs.record(Depth.self, symbol).size == 5)
    }

    @Test("a record without a time is always fresh")
    func timeless() throws {
        var inputs = Inputs(now: now)
        inputs.set(Depth(size: 5, timestamp: nil), for: symbol)
        let depth = try inputs.fresh(Depth.self, symbol, within: .zero)
        #expect(inputs.age(of: depth) == .zero)
        #expect(inputs.age(of: Depth(size: 1, timestamp: age(1_500_000))).description == "1.5")
    }

    @Test(
        "a failed read is thrown only to the gate that asks for the record",
        arguments: [
            InputFailure.missing, .malformed(field: "size"), .nonFinite(field: "size"),
            .unavailable(detail: "WRONGTYPE"),
        ])
    func failures(failure: InputFailure) throws {
        var inputs = Inputs(now: now)
        inputs.fail(Depth.self, for: symbol, failure)
        inputs.set(Depth(size: 7, timestamp: now), for: other)
        #expect(throws: failure) { try inputs.fresh(Depth.self, symbol, within: .seconds(30)) }
        #expect(throws: failure) { try inputs.record(Depth.self, symbol) }
        #expect(try inputs.fresh(Depth.self, other, within: .seconds(30)).size == 7)
    }

    @Test("only a missing record is optional")
    func optional() throws {
        var inputs = Inputs(now: now)
        inputs.fail(Depth.self, for: symbol, .missing)
        inputs.fail(Depth.self, for: other, .unavailable(detail: "timeout"))
        #expect(try inputs.optional(Depth.self, symbol) == nil)
        #expect(throws: InputFailure.unavailable(detail: "timeout")) { try inputs.optional(Depth.self, other) }
    }

    @Test("a record that was not requested is a mistake of the gate, not of the data")
    func notRequested() {
        let inputs = Inputs(now: now)
        #expect(throws: InputFailure.notRequested) { try inputs.fresh(Depth.self, symbol, within: .seconds(30)) }
        #expect(throws: InputFailure.notRequested) { try inputs.optional(Depth.self, symbol) }
        #expect(InputFailure.notRequested.reason == nil)
    }

    @Test(
        "a failure of the data has its own reason code",
        arguments: [
            (InputFailure.missing, AbstainReason.inputMissing), (.stale(age: .zero, limit: .zero), .inputStale),
            (.futureDated(by: .zero), .inputFutureDated),
            (.malformed(field: ""), .inputMalformed), (.nonFinite(field: ""), .inputNonFinite),
            (.unavailable(detail: ""), .inputUnavailable),
        ])
    func reasons(failure: InputFailure, reason: AbstainReason) {
        #expect(failure.reason == reason)
    }

    @Test("each record is requested once, and a record that is not kept per symbol once for all symbols")
    func request() {
        var request = InputRequest()
        for symbol in [symbol, other, symbol] {
            request.add(Depth.self, symbol)
            request.add(Switch.self, symbol)
        }
        #expect(
            request.keys == [
                InputKey(Depth.self, symbol), InputKey(Switch.self, symbol), InputKey(Depth.self, other),
            ])
        #expect(InputKey(Switch.self, symbol) == InputKey(Switch.self, other))
        #expect(request.contains(Depth.self, other))
        #expect(request.contains(Switch.self, other))
        #expect(Depth.keys.map(\.description) == ["quantum:state:depth:{symbol}"])
        #expect(Switch.keys.map(\.description) == ["quantum:switch"])
    }
}
