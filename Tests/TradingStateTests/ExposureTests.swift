import GateAPI
import GateTestSupport
import Testing
import TradingState

/// I5, the table: the exposure of a plan on a position of 10 long, 10 short, flat and unknown.
@Suite struct ExposureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let plan: [(String, String)]
        let long: Exposure
        let short: Exposure
        let flat: Exposure
        let unknown: Exposure

        init(_ plan: String, long: Exposure, short: Exposure, flat: Exposure, unknown: Exposure) {
            self.plan = Case.pairs(plan)
            (self.long, self.short, self.flat, self.unknown) = (long, short, flat, unknown)
        }

        /// The same for every position.
        init(_ plan: String, always exposure: Exposure) {
            self.init(plan, long: exposure, short: exposure, flat: exposure, unknown: exposure)
        }

        /// `SELL 4 FULL_CLOSE reduceOnly=true` as the fields of a plan.
        private static func pairs(_ plan: String) -> [(String, String)] {
            plan.split(separator: " ").map { word in
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 { return (parts[0], parts[1]) }
                return ["BUY", "SELL", "CLOSE"].contains(parts[0])
                    ? ("side", parts[0]) : Amount.isText(parts[0]) ? ("qty", parts[0]) : ("action", parts[0])
            }
        }

        var testDescription: String { plan.map { "\($0.0)=\($0.1)" }.joined(separator: " ") }
    }

    private static func adds(_ before: Amount, _ after: Amount) -> Exposure { .adds(before: before, after: after) }
    private static func closes(_ quantity: Amount?) -> Exposure { .reduces(quantity: quantity) }
    private static let half = Amount(units: 250_000_000)

    static let orders = [
        Case("BUY 4", long: adds(10, 14), short: closes(4), flat: adds(0, 4), unknown: .unknown(.positionUnknown)),
        Case(
            "BUY 4 reduceOnly=false", long: adds(10, 14), short: closes(4), flat: adds(0, 4),
            unknown: .unknown(.positionUnknown)),
        Case("BUY 4 reduceOnly=true", long: adds(10, 14), short: closes(4), flat: adds(0, 4), unknown: closes(4)),
        Case(
            "BUY 4 reduceOnly=yes", long: adds(10, 14), short: closes(4), flat: adds(0, 4),
            unknown: .unknown(.positionUnknown)),
        Case("SELL 4", long: closes(4), short: adds(-10, -14), flat: adds(0, -4), unknown: .unknown(.positionUnknown)),
        Case("SELL 4 reduceOnly=true", long: closes(4), short: adds(-10, -14), flat: adds(0, -4), unknown: closes(4)),
        Case(
            "SELL 10", long: closes(10), short: adds(-10, -20), flat: adds(0, -10),
            unknown: .unknown(.positionUnknown)),
        Case(
            "BUY 10 ENTRY_PROPOSED", long: adds(10, 20), short: closes(10), flat: adds(0, 10),
            unknown: .unknown(.positionUnknown)),
        // A flip is an open under any name.
        Case(
            "SELL 15", long: adds(10, -5), short: adds(-10, -25), flat: adds(0, -15),
            unknown: .unknown(.positionUnknown)),
        Case(
            "SELL 25 reduceOnly=true", long: adds(10, -15), short: adds(-10, -35), flat: adds(0, -25),
            unknown: closes(25)),
        Case(
            "BUY 25 reduceOnly=true", long: adds(10, 35), short: adds(-10, 15), flat: adds(0, 25), unknown: closes(25)),
        Case(
            "SELL 4 REBALANCE", long: closes(4), short: adds(-10, -14), flat: adds(0, -4),
            unknown: .unknown(.positionUnknown)),
    ]

    static let incompleteOrders = [
        Case("ENTRY_PROPOSED", always: .unknown(.sideUnknown)),
        Case("qty=4", always: .unknown(.sideUnknown)),
        Case("BUY", always: .unknown(.quantityUnknown)),
        Case("BUY qty=0", always: .unknown(.quantityUnknown)),
        Case("BUY qty=x", always: .unknown(.inputMalformed)),
        Case("BUY qty=-4", always: .unknown(.inputMalformed)),
        Case("SELL qty=nan", always: .unknown(.inputNonFinite)),
        Case(
            "reduceOnly=true", long: .unknown(.sideUnknown), short: .unknown(.sideUnknown),
            flat: .unknown(.sideUnknown), unknown: closes(nil)),
        Case(
            "BUY reduceOnly=true", long: .unknown(.quantityUnknown), short: closes(nil),
            flat: .unknown(.quantityUnknown), unknown: closes(nil)),
        Case(
            "SELL reduceOnly=true", long: closes(nil), short: .unknown(.quantityUnknown),
            flat: .unknown(.quantityUnknown), unknown: closes(nil)),
        // Another reader may read a number here (`1_000`): only the exchange's cap would make it a reduction.
        Case(
            "SELL qty=1_000 reduceOnly=true", long: .unknown(.inputMalformed), short: .unknown(.inputMalformed),
            flat: .unknown(.inputMalformed),
            unknown: closes(nil)),
    ]

    static let closes = [
        Case("FULL_CLOSE_PROPOSED", long: closes(10), short: closes(10), flat: closes(0), unknown: closes(nil)),
        Case(
            "FULL_CLOSE_PROPOSED CLOSE qty=0 reduceOnly=true", long: closes(10), short: closes(10), flat: closes(0),
            unknown: closes(nil)),
        Case(
            "FULL_CLOSE_PROPOSED CLOSE 4 reduceOnly=true", long: closes(4), short: closes(4), flat: closes(0),
            unknown: closes(4)),
        Case("FULL_CLOSE_PROPOSED close_qty=3", long: closes(3), short: closes(3), flat: closes(0), unknown: closes(3)),
        Case(
            "FULL_CLOSE_PROPOSED close_qty=30", long: closes(10), short: closes(10), flat: closes(0),
            unknown: closes(30)),
        Case("CLOSE", long: closes(10), short: closes(10), flat: closes(0), unknown: closes(nil)),
        Case("CLOSE 4", long: closes(4), short: closes(4), flat: closes(0), unknown: closes(4)),
        Case("CLOSE LOCKDOWN_HALT", long: closes(10), short: closes(10), flat: closes(0), unknown: closes(nil)),
        Case(
            "FULL_CLOSE_PROPOSED SELL", long: closes(10), short: .unknown(.quantityUnknown), flat: closes(0),
            unknown: closes(nil)),
        Case(
            "FULL_CLOSE_PROPOSED SELL 4", long: closes(4), short: adds(-10, -14), flat: adds(0, -4),
            unknown: closes(4)),
        Case(
            "FULL_CLOSE_PROPOSED SELL 4 reduceOnly=true", long: closes(4), short: adds(-10, -14), flat: closes(0),
            unknown: closes(4)),
        Case(
            "FULL_CLOSE_PROPOSED BUY 10 reduceOnly=true", long: adds(10, 20), short: closes(10), flat: closes(0),
            unknown: closes(10)),
        Case(
            "FULL_CLOSE_PROPOSED BUY", long: .unknown(.quantityUnknown), short: closes(10), flat: closes(0),
            unknown: closes(nil)),
        // More than the position: only the exchange's cap keeps it a close.
        Case(
            "FULL_CLOSE_PROPOSED SELL 25 reduceOnly=true", long: closes(10), short: adds(-10, -35), flat: closes(0),
            unknown: closes(25)),
        Case(
            "FULL_CLOSE_PROPOSED SELL 25 reduceOnly=false", long: adds(10, -15), short: adds(-10, -35),
            flat: adds(0, -25), unknown: closes(25)),
        Case(
            "FULL_CLOSE_PROPOSED SELL 25", long: adds(10, -15), short: adds(-10, -35), flat: adds(0, -25),
            unknown: closes(25)),
        Case(
            "FULL_CLOSE_PROPOSED SELL 25 reduceOnly=maybe", long: adds(10, -15), short: adds(-10, -35),
            flat: adds(0, -25), unknown: closes(25)),
        Case("CLOSE 25 reduceOnly=true", long: closes(10), short: closes(10), flat: closes(0), unknown: closes(25)),
        Case(
            "CLOSE 25 reduceOnly=false", long: adds(10, -15), short: adds(-10, 15), flat: closes(0), unknown: closes(25)
        ),
        Case("CLOSE 25", long: adds(10, -15), short: adds(-10, 15), flat: closes(0), unknown: closes(25)),
        // An unreadable quantity may be any number.
        Case(
            "FULL_CLOSE_PROPOSED SELL qty=1_000", long: .unknown(.inputMalformed), short: .unknown(.inputMalformed),
            flat: .unknown(.inputMalformed),
            unknown: closes(nil)),
        Case(
            "FULL_CLOSE_PROPOSED SELL qty=1_000 reduceOnly=true", long: closes(10), short: .unknown(.inputMalformed),
            flat: closes(0), unknown: closes(nil)),
        Case(
            "CLOSE qty=inf", long: .unknown(.inputNonFinite), short: .unknown(.inputNonFinite), flat: closes(0),
            unknown: closes(nil)),
    ]

    static let partials = [
        Case("PARTIAL_25", long: closes(half), short: closes(half), flat: closes(0), unknown: closes(nil)),
        Case(
            "PARTIAL_25 CLOSE qty=0.0 reduceOnly=true", long: closes(half), short: closes(half), flat: closes(0),
            unknown: closes(nil)),
        Case("PARTIAL_75 close_qty=3", long: closes(3), short: closes(3), flat: closes(0), unknown: closes(3)),
        // As harvest_v2 writes it: `qty` is the whole position.
        Case(
            "PARTIAL_25 SELL 10 reduceOnly=true close_qty=2.5", long: closes(half), short: adds(-10, -20),
            flat: closes(0), unknown: closes(half)),
        Case(
            "PARTIAL_25 SELL 10 reduceOnly=true", long: closes(half), short: adds(-10, -20), flat: closes(0),
            unknown: closes(nil)),
        Case(
            "PARTIAL_75 SELL 3 reduceOnly=true", long: closes(3), short: adds(-10, -13), flat: closes(0),
            unknown: closes(nil)),
        Case(
            "PARTIAL_25 SELL 25 reduceOnly=false", long: adds(10, -15), short: adds(-10, -35), flat: adds(0, -25),
            unknown: closes(nil)),
        Case("PARTIAL_CLOSE_PROPOSED", long: closes(nil), short: closes(nil), flat: closes(0), unknown: closes(nil)),
        Case(
            "PARTIAL_CLOSE_PROPOSED SELL 10 reduceOnly=true", long: closes(nil), short: adds(-10, -20), flat: closes(0),
            unknown: closes(nil)),
        Case(
            "PARTIAL_CLOSE_PROPOSED close_qty=4", long: closes(4), short: closes(4), flat: closes(0), unknown: closes(4)
        ),
        Case(
            #"PARTIAL_CLOSE_PROPOSED steps=[{"pct":25.0}]"#, long: closes(half), short: closes(half), flat: closes(0),
            unknown: closes(nil)),
    ]

    static let stops = [
        Case("UPDATE_SL", always: .unchanged),
        Case("HOLD", always: .unchanged),
        Case("UPDATE_SL CLOSE qty=0.0 reduceOnly=true", always: .unchanged),
        Case("UPDATE_SL BUY", always: .unchanged),
        Case("UPDATE_SL 4", always: .unchanged),
        Case("HOLD qty=x", always: .unchanged),
        // With a side and a quantity it is an order under any name.
        Case(
            "UPDATE_SL BUY 5", long: adds(10, 15), short: closes(5), flat: adds(0, 5),
            unknown: .unknown(.positionUnknown)),
        Case(
            "HOLD SELL 25 reduceOnly=true", long: adds(10, -15), short: adds(-10, -35), flat: adds(0, -25),
            unknown: closes(25)),
        Case(
            "UPDATE_SL CLOSE 5 reduceOnly=true", long: closes(5), short: closes(5), flat: closes(0),
            unknown: closes(5)),
        Case("UPDATE_SL BUY qty=1_000", always: .unknown(.inputMalformed)),
        Case("HOLD SELL qty=inf", always: .unknown(.inputNonFinite)),
    ]

    @Test(
        "I5: the position before and after decides, not the plan's name",
        arguments: orders + incompleteOrders + closes + partials + stops)
    func table(row: Case) throws {
        let intent = try #require(Fields.plan(row.plan).parsed.intent)
        #expect(intent.exposure(from: 10) == row.long, "long")
        #expect(intent.exposure(from: -10) == row.short, "short")
        #expect(intent.exposure(from: 0) == row.flat, "flat")
        #expect(intent.exposure(from: nil) == row.unknown, "unknown")
    }

    @Test("growing beyond the largest amount is still an open", arguments: ["BUY", "SELL"])
    func saturates(side: String) throws {
        let largest = Amount.max.description
        for quantity in ["0.00000001", "1", largest] {
            let intent = try #require(
                Fields.plan([("side", side), ("qty", quantity), ("reduceOnly", "true")]).parsed.intent)
            let extremes = side == "BUY" ? [Amount.max] : [Amount(units: -Amount.max.units), Amount(units: .min)]
            for position in extremes {
                guard case .adds(position, let after) = intent.exposure(from: position) else {
                    Issue.record("\(side) \(quantity) from \(position) is \(intent.exposure(from: position))")
                    continue
                }
                #expect(after.magnitude >= position.magnitude)
            }
        }
        let closing = try #require(Fields.plan([("side", side), ("qty", largest)]).parsed.intent)
        #expect(
            closing.exposure(from: side == "BUY" ? Amount(units: -Amount.max.units) : .max) == .reduces(quantity: .max))
    }
}

extension Amount {
    fileprivate static func isText(_ text: String) -> Bool { (try? Amount(text)) != nil }
}
