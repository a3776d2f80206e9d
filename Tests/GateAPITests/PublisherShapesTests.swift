import GateAPI
import GateTestSupport
import Testing

/// The intent in a plan of each known publisher.
@Suite struct PublisherShapesTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let publisher: String
        let pairs: [(String, String)]
        var action = Action.none
        var side: Side?
        var quantity = Reading<Amount>.absent
        var price = Reading<Amount>.absent
        var reduceOnly = Reading<Bool>.absent
        var closeFraction: String?
        var closeQuantity: String?

        var testDescription: String { publisher }
    }

    private static let harvest = [
        ("kill_score", "0.31"), ("k_regime_flip", "0.0"), ("k_sigma_spike", "0.11"), ("k_ts_drop", "0.15"),
        ("k_age_penalty", "0.05"),
        ("new_sl_proposed", "3410.55"), ("R_net", "None"), ("reason_codes", ""),
    ]
    private static let partial75 =
        #"[{"step": "CLOSE_PARTIAL_75", "type": "market_reduce_only", "side": "close", "pct": 75.0}]"#

    private static func h9(_ side: String, _ quantity: String, _ source: String, reduceOnly: String = "true") -> [(
        String, String
    )] {
        [
            ("side", side), ("type", "MARKET"), ("qty", quantity), ("reduceOnly", reduceOnly), ("source", source),
            ("timestamp", "1795354622.25"),
        ]
    }

    static let shapes = [
        Shape(
            publisher: "apply_layer, January",
            pairs: [("action", "PARTIAL_75")] + harvest + [
                ("steps", partial75), ("close_qty", "0.0"), ("price", ""), ("timestamp", "1795354622"),
            ],
            action: .partialClose, closeFraction: "0.75"),
        Shape(
            publisher: "apply_layer, February",
            pairs: [("action", "FULL_CLOSE_PROPOSED")] + harvest
                + [
                    ("steps", "[]"), ("close_qty", "0.0"), ("price", ""), ("reduceOnly", "true"),
                    ("timestamp", "1795354622"),
                ],
            action: .fullClose, reduceOnly: .value(true), closeFraction: "1"),
        Shape(
            publisher: "apply_layer, March",
            pairs: h9("CLOSE", "0.0", "apply_layer") + [("action", "UPDATE_SL")] + harvest + [("price", "")],
            action: .updateStop, side: .close, reduceOnly: .value(true)),
        Shape(
            publisher: "intent_bridge, January",
            pairs: h9("BUY", "23.80952380952381", "intent_bridge", reduceOnly: "false") + [
                ("signature", "intent_bridge")
            ],
            side: .buy, quantity: .value(Amount(units: 2_380_952_380_952_381, decimals: 14)), reduceOnly: .value(false)),
        Shape(
            publisher: "intent_bridge, March, entry",
            pairs: h9("BUY", "12.5", "intent_bridge", reduceOnly: "false")
                + [
                    ("action", "ENTRY_PROPOSED"), ("signature", "intent_bridge"), ("leverage", "1"),
                    ("stop_loss", "15.2"), ("take_profit", "17.9"),
                    ("entry_price", "16.00000000"), ("breakeven_price", "16.01600000"), ("confidence", "0.72"),
                    ("regime", "BULL"),
                ],
            action: .open, side: .buy, quantity: .value(Amount(percent: 1_250)), price: .value(16),
            reduceOnly: .value(false)),
        Shape(
            publisher: "intent_bridge, March, exit",
            pairs: h9("SELL", "0.05", "intent_bridge") + [("action", "FULL_CLOSE_PROPOSED")],
            action: .fullClose, side: .sell, quantity: .value(Amount(percent: 5)), reduceOnly: .value(true),
            closeFraction: "1"),
        Shape(
            publisher: "governor rotation",
            pairs: h9("CLOSE", "0", "governor") + [
                ("action", "FULL_CLOSE_PROPOSED"), ("kill_score", "0"), ("rotation_trigger", "true"),
            ],
            action: .fullClose, side: .close, reduceOnly: .value(true), closeFraction: "1"),
        Shape(
            publisher: "robust_exit_engine",
            pairs: h9("CLOSE", "3", "robust_exit_engine") + [("action", "PARTIAL_33"), ("kill_score", "0")],
            action: .partialClose, side: .close, quantity: .value(3), reduceOnly: .value(true), closeFraction: "0.33"),
        Shape(
            publisher: "harvest_brain",
            pairs: h9("SELL", "4", "harvest_brain") + [("signature", "x"), ("reason", "r"), ("r_level", "1.5")],
            side: .sell, quantity: .value(4), reduceOnly: .value(true)),
        Shape(
            publisher: "harvest_v2, partial",
            pairs: h9("SELL", "1000.0", "harvest_v2")
                + [
                    ("action", "PARTIAL_CLOSE_PROPOSED"), ("kill_score", "0.0"), ("R_net", "1.2500"),
                    ("reason_codes", "R_TARGET_25"),
                    ("steps", #"[{"step": "PARTIAL_25", "type": "market_reduce_only", "side": "close", "pct": 25.0}]"#),
                    ("close_qty", "250.0"), ("price", ""),
                ],
            action: .partialClose, side: .sell, quantity: .value(1_000), reduceOnly: .value(true),
            closeFraction: "0.25", closeQuantity: "250"),
        Shape(
            publisher: "harvest_v2, full",
            pairs: h9("SELL", "1000.0", "harvest_v2")
                + [
                    ("action", "FULL_CLOSE_PROPOSED"), ("steps", #"[{"step": "CLOSE_FULL", "pct": 100.0}]"#),
                    ("close_qty", "1000.0"), ("price", ""),
                ],
            action: .fullClose, side: .sell, quantity: .value(1_000), reduceOnly: .value(true), closeFraction: "1",
            closeQuantity: "1000"),
        Shape(
            publisher: "test script",
            pairs: [("action", "OPEN_PROPOSED"), ("kill_score", "0.1"), ("side", "buy"), ("qty", "0.01")],
            action: .open, side: .buy, quantity: .value(Amount(percent: 1))),
    ]

    @Test("every publisher's plan is read with its meaning", arguments: shapes)
    func parses(shape: Shape) throws {
        let intent = try #require(Fields.plan(shape.pairs).parsed.intent)
        #expect(intent.planID == "p1")
        #expect(intent.symbol.name == "BTCUSDT")
        #expect(intent.action == shape.action)
        #expect(intent.side == shape.side)
        #expect(intent.quantity == shape.quantity)
        #expect(intent.price == shape.price)
        #expect(intent.reduceOnly == shape.reduceOnly)
        #expect(intent.closeFraction?.description == shape.closeFraction)
        #expect(intent.closeQuantity?.description == shape.closeQuantity)
        #expect(intent.fields.count == shape.pairs.count + 3)
    }
}
