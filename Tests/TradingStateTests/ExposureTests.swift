import GateAPI
import GateTestSupport
import Testing
import TradingState

/// I5, the table: the exposure of a plan on a position of 10 long, 10 short, flat and unknown, with nothing under way.
@Suite struct ExposureTests {
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let long: String
        let short: String
        let flat: String
        let unknown: String

        init(_ plan: String, long: String, short: String, flat: String, unknown: String) {
            description = plan
            (self.long, self.short, self.flat, self.unknown) = (long, short, flat, unknown)
        }

        /// The same for every position.
        init(_ plan: String, always exposure: String) {
            self.init(plan, long: exposure, short: exposure, flat: exposure, unknown: exposure)
        }
    }

    private static let notKnown = "unknown position_unknown"

    static let orders = [
        Case("BUY 4", long: "opens 14", short: "reduces 4", flat: "opens 4", unknown: notKnown),
        Case("BUY 4 reduceOnly=false", long: "opens 14", short: "reduces 4", flat: "opens 4", unknown: notKnown),
        Case("BUY 4 reduceOnly=yes", long: "opens 14", short: "reduces 4", flat: "opens 4", unknown: notKnown),
        Case("SELL 4", long: "reduces 4", short: "opens 14", flat: "opens 4", unknown: notKnown),
        Case("SELL 4 REBALANCE", long: "reduces 4", short: "opens 14", flat: "opens 4", unknown: notKnown),
        Case("SELL 10", long: "reduces 10", short: "opens 20", flat: "opens 10", unknown: notKnown),
        Case("BUY 10 ENTRY_PROPOSED", long: "opens 20", short: "reduces 10", flat: "opens 10", unknown: notKnown),
        Case("SELL 15", long: "opens 15 or closes 10", short: "opens 25", flat: "opens 15", unknown: notKnown),
    ]

    static let capped = [
        Case("BUY 4 reduceOnly=true", long: "reduces 0", short: "reduces 4", flat: "reduces 0", unknown: "reduces 4"),
        Case("SELL 4 reduceOnly=true", long: "reduces 4", short: "reduces 0", flat: "reduces 0", unknown: "reduces 4"),
        Case(
            "SELL 25 reduceOnly=true", long: "reduces 10", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces 25"),
        Case("SELL reduceOnly=true", long: "reduces 10", short: "reduces 0", flat: "reduces 0", unknown: "reduces ?"),
        Case("reduceOnly=true", long: "reduces 10", short: "reduces 10", flat: "reduces 0", unknown: "reduces ?"),
        // The cap holds for any quantity.
        Case(
            "SELL qty=x reduceOnly=true", long: "reduces 10", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces ?"),
        Case(
            "FULL_CLOSE_PROPOSED SELL qty=x", long: "reduces 10", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces ?"),
        Case(
            "SELL closePosition=true", long: "reduces 10", short: "reduces 0", flat: "reduces 0", unknown: "reduces ?"),
        Case(
            "SELL 4 closePosition=true", long: "reduces 10", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces ?"),
    ]

    static let incompleteOrders = [
        Case("ENTRY_PROPOSED", always: "unknown side_unknown"),
        Case("qty=4", always: "unknown side_unknown"),
        Case("BUY", always: "unknown quantity_unknown"),
        Case("BUY qty=0", always: "unknown quantity_unknown"),
        Case("BUY qty=x", always: "unknown input_malformed"),
        Case("BUY qty=-4", always: "unknown input_malformed"),
        Case("SELL qty=nan", always: "unknown input_non_finite"),
    ]

    private static func close(_ plan: String, _ quantity: String, unknown: String) -> Case {
        Case(plan, long: "reduces \(quantity)", short: "reduces \(quantity)", flat: "reduces 0", unknown: unknown)
    }

    static let closes = [
        close("FULL_CLOSE_PROPOSED", "10", unknown: "reduces ?"),
        close("FULL_CLOSE_PROPOSED CLOSE qty=0 reduceOnly=true", "10", unknown: "reduces ?"),
        close("FULL_CLOSE_PROPOSED CLOSE 4 reduceOnly=true", "4", unknown: "reduces 4"),
        close("FULL_CLOSE_PROPOSED close_qty=3", "3", unknown: "reduces 3"),
        close("FULL_CLOSE_PROPOSED close_qty=30", "10", unknown: "reduces 30"),
        close("CLOSE", "10", unknown: "reduces ?"),
        close("CLOSE 4", "4", unknown: "reduces 4"),
        close("CLOSE LOCKDOWN_HALT", "10", unknown: "reduces ?"),
        close("CLOSE 25 reduceOnly=false", "10", unknown: "reduces 25"),
        close("CLOSE qty=inf", "10", unknown: "reduces ?"),
        Case(
            "FULL_CLOSE_PROPOSED SELL", long: "reduces 10", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces ?"),
        Case(
            "FULL_CLOSE_PROPOSED SELL close_qty=3", long: "reduces 3", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces 3"),
        Case("FULL_CLOSE_PROPOSED SELL 4", long: "reduces 4", short: "opens 14", flat: "opens 4", unknown: notKnown),
        Case(
            "FULL_CLOSE_PROPOSED SELL 25 reduceOnly=maybe", long: "opens 25 or closes 10", short: "opens 35",
            flat: "opens 25", unknown: notKnown),
        Case(
            "FULL_CLOSE_PROPOSED BUY 25 reduceOnly=true", long: "reduces 0", short: "reduces 10", flat: "reduces 0",
            unknown: "reduces 25"),
    ]

    static let partials = [
        close("PARTIAL_25", "2.5", unknown: "reduces ?"),
        close("PARTIAL_25 CLOSE qty=0.0 reduceOnly=true", "2.5", unknown: "reduces ?"),
        close("PARTIAL_75 close_qty=3", "3", unknown: "reduces 3"),
        close("PARTIAL_CLOSE_PROPOSED", "?", unknown: "reduces ?"),
        close("PARTIAL_CLOSE_PROPOSED close_qty=4", "4", unknown: "reduces 4"),
        close(#"PARTIAL_CLOSE_PROPOSED steps=[{"pct":25.0}]"#, "2.5", unknown: "reduces ?"),
        // As harvest_v2 writes it: `qty` is the whole position.
        Case(
            "PARTIAL_25 SELL 10 reduceOnly=true close_qty=2.5", long: "reduces 2.5", short: "reduces 0",
            flat: "reduces 0", unknown: "reduces 2.5"),
        Case(
            "PARTIAL_25 SELL 10 reduceOnly=true", long: "reduces 2.5", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces ?"),
        Case(
            "PARTIAL_75 SELL 3 reduceOnly=true", long: "reduces 3", short: "reduces 0", flat: "reduces 0",
            unknown: "reduces ?"),
        Case("PARTIAL_25 SELL 10", long: "reduces 2.5", short: "opens 20", flat: "opens 10", unknown: notKnown),
        Case(
            "PARTIAL_25 SELL 25 reduceOnly=false", long: "opens 25 or closes 10", short: "opens 35", flat: "opens 25",
            unknown: notKnown),
    ]

    static let stops =
        [
            "UPDATE_SL", "HOLD", "UPDATE_SL CLOSE qty=0.0 reduceOnly=true", "UPDATE_SL BUY", "UPDATE_SL 4",
            "HOLD qty=x",
            "UPDATE_SL SELL 5 closePosition=true",
        ].map { Case($0, always: "unchanged") } + [
            // With a side and a quantity it is an order under any name.
            Case("UPDATE_SL BUY 5", long: "opens 15", short: "reduces 5", flat: "opens 5", unknown: notKnown),
            Case(
                "HOLD SELL 25 reduceOnly=true", long: "reduces 10", short: "reduces 0", flat: "reduces 0",
                unknown: "reduces 25"),
            close("UPDATE_SL CLOSE 5 reduceOnly=true", "5", unknown: "reduces 5"),
            Case("UPDATE_SL BUY qty=x", always: "unknown input_malformed"),
            Case("HOLD SELL qty=inf", always: "unknown input_non_finite"),
        ]

    @Test(
        "I5: the worst position decides, not the plan's name",
        arguments: orders + capped + incompleteOrders + closes + partials + stops)
    func table(row: Case) throws {
        let intent = try Intent.plan(row.description)
        #expect(intent.exposure(from: .at(10)).text == row.long, "long")
        #expect(intent.exposure(from: .at(-10)).text == row.short, "short")
        #expect(intent.exposure(from: .at(0)).text == row.flat, "flat")
        #expect(intent.exposure(from: nil).text == row.unknown, "unknown")
    }

    @Test("growing beyond the largest amount is still an open", arguments: ["BUY", "SELL"])
    func saturates(side: String) throws {
        let largest = Amount.max.description
        for quantity in ["0.00000001", "1", largest] {
            let intent = try Intent.plan("\(side) qty=\(quantity)")
            let extremes = side == "BUY" ? [Amount.max] : [Amount(units: -Amount.max.units), Amount(units: .min)]
            for position in extremes {
                guard case .opens(let opening) = intent.exposure(from: .at(position)) else {
                    Issue.record("\(side) \(quantity) from \(position) opens nothing")
                    continue
                }
                #expect(opening.most == .max)
            }
        }
        let closing = try Intent.plan("\(side) qty=\(largest)")
        let opposite = side == "BUY" ? Amount(units: -Amount.max.units) : .max
        #expect(closing.exposure(from: .at(opposite)).text == "reduces \(largest)")
    }
}
