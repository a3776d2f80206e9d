import GateAPI
import GateTestSupport
import Testing

/// K3: names, flags and units mean one thing, or the plan is refused with a hint.
@Suite struct PlanFaultsTests {
    private static let order = [("side", "BUY"), ("qty", "1"), ("price", "100")]

    private func fault(_ pairs: [(String, String)]) throws -> String? {
        let intent = try #require(Fields.plan(pairs).parsed.intent)
        return intent.fault.map { "\($0.field) \($0.complaint)" }
    }

    @Test(
        "K3: a side is one of the known words, letter by letter",
        arguments: ["SE LL", " SELL", "SELL ", "B UY", "sideways", "ſell", "ＢＵＹ", "None", "-1", "BUY\n"])
    func sides(text: String) throws {
        #expect(try #require(Fields.plan([("side", text)]).parsed.intent).side == nil)
        #expect(try fault([("side", text), ("qty", "1")]) == "side is none of BUY, LONG, SELL, SHORT, CLOSE")
    }

    @Test("K3: accepted sides are read in any ASCII case", arguments: ["buy", "LONG", "Sell", "sHORT", "close", ""])
    func knownSides(text: String) throws {
        #expect(try fault([("side", text), ("qty", "1")]) == nil)
    }

    @Test(
        "K3: a flag or leg that cannot be read is a fault",
        arguments: [
            ("reduceOnly", "yes", "reduceOnly or closePosition is neither true nor false"),
            ("reduce_only", "01", "reduceOnly or closePosition is neither true nor false"),
            ("closePosition", "T", "reduceOnly or closePosition is neither true nor false"),
            ("positionSide", "up", "positionSide is not one of LONG, SHORT, BOTH"),
            ("position_side", "LONGS", "positionSide is not one of LONG, SHORT, BOTH"),
            ("action", "FULL CLOSE", "action is spelt like none; did you mean FULL_CLOSE?"),
            ("action", "FULL_CLOSE ", "action is spelt like none; did you mean FULL_CLOSE?"),
            ("action", "update-sl", "action is spelt like none; did you mean UPDATE_SL?"),
            ("action", "PARTIAL-50", "action is spelt like none; did you mean PARTIAL_25?"),
        ])
    func words(name: String, text: String, complaint: String) throws {
        #expect(try fault(Self.order + [(name, text)]) == complaint)
        #expect(try fault(Self.order + [(name, "")]) == nil)
    }

    @Test(
        "K3: a contract size or a quote quantity is never ignored",
        arguments: [
            ("contract_size", "10", true), ("contractSize", "0.1", true), ("contract_size", "1", false),
            ("contract_size", "1.0", false), ("contract_size", "", false), ("contract_size", "x", true),
            ("quote_quantity", "true", true), ("quote_quantity", "false", false), ("quote_quantity", "100", true),
            ("quoteOrderQty", "1000", true), ("quoteOrderQty", "0", false), ("quoteQuantity", "1", true),
            ("ctVal", "0.01", true), ("tgtCcy", "quote_ccy", true), ("tgtCcy", "base_ccy", false),
            ("qty_unit", "quote", true), ("qty_unit", "BASE", false),
        ])
    func units(name: String, text: String, isRefused: Bool) throws {
        let fault = try fault(Self.order + [(name, text)])
        #expect((fault != nil) == isRefused)
        #expect(fault?.hasPrefix("qty counts in the base asset: '\(name)' must be ") ?? true)
    }

    @Test(
        "K3: another name of a field is refused with a hint, unless both say the same",
        arguments: [
            ("quantity", "1", nil), ("quantity", "1.0", nil),
            ("quantity", "10", "qty is spelt 'quantity': write 'qty'"),
            ("size", "2", "qty is spelt 'size': write 'qty'"), ("Qty", "2", "qty is spelt 'Qty': write 'qty'"),
            ("QTY ", "2", "qty is spelt 'QTY ': write 'qty'"), ("Side", "long", nil),
            ("Side", "SELL", "side is spelt 'Side': write 'side'"),
            ("reduce-only", "true", "reduceOnly is spelt 'reduce-only': write 'reduceOnly'"),
            ("ReduceOnly", "true", "reduceOnly is spelt 'ReduceOnly': write 'reduceOnly'"),
            ("reduceOnyl", "true", "reduceOnly is spelt 'reduceOnyl': write 'reduceOnly'"),
            ("closePositon", "true", "closePosition is spelt 'closePositon': write 'closePosition'"),
            ("posSide", "LONG", "positionSide is spelt 'posSide': write 'positionSide'"),
            ("positionside", "LONG", "positionSide is spelt 'positionside': write 'positionSide'"),
            ("prise", "1", "price is spelt 'prise': write 'price'"),
            ("limit_price", "1", "price is spelt 'limit_price': write 'price'"), ("limit_price", "100.0", nil),
            ("closeQty", "1", "close_qty is spelt 'closeQty': write 'close_qty'"), ("planId", "p1", nil),
            ("planId", "other", "plan_id is spelt 'planId': write 'plan_id'"), ("Symbol", "BTCUSDT", nil),
            ("Symbol", "ETHUSDT", "symbol is spelt 'Symbol': write 'symbol'"),
            ("notional_usd", "5", nil), ("direction", "up", nil),
        ] as [(String, String, String?)])
    func names(name: String, text: String, complaint: String?) throws {
        #expect(try fault(Self.order + [(name, text)]) == complaint)
        // The order of the fields says nothing.
        #expect(try fault([(name, text)] + Self.order) == complaint)
    }

    @Test(
        "K3: another measure in place of a field that is missing is refused",
        arguments: [("notional_usd", "1000"), ("contracts", "3"), ("position_size", "5"), ("cost", "7"), ("lots", "1")])
    func substitutes(name: String, text: String) throws {
        #expect(try fault([("side", "BUY"), (name, text)]) == "qty is missing: '\(name)' is not read")
        #expect(try fault([("qty", "1"), ("direction", "LONG")]) == "side is missing: 'direction' is not read")
    }

    @Test("K3: names of other things are no lookalikes")
    func others() throws {
        let names = [
            "kill_score", "k_regime_flip", "new_sl_proposed", "R_net", "reason_codes", "source", "signature", "type",
            "leverage", "stop_loss", "take_profit", "breakeven_price", "confidence", "regime", "reason", "r_level",
            "rotation_trigger", "note", "strategy", "score", "stop_price", "mark_price", "a", "", "é", "qt", "sid",
            "stepsize",
            "priority", "created_at", "client_order_id", "exit_price", "volume", "time_in_force",
        ]
        for name in names { #expect(try fault(Self.order + [(name, "7")]) == nil, "\(name)") }
    }

    @Test("K3: every accepted spelling is read, and every refused name is found in every usual spelling")
    func tables() throws {
        let values = [
            "side": "SELL", "qty": "7", "price": "7", "entry_price": "7", "reduceOnly": "true", "closePosition": "true",
            "positionSide": "LONG", "action": "HOLD", "close_qty": "7",
        ]
        let plain = try #require(Fields.plan([]).parsed.intent)
        for field in PlanField.all {
            guard let value = values[field.names[0].description] else { continue }
            for name in field.names {
                let intent = try #require(Fields.plan([(name.description, value)]).parsed.intent)
                #expect(intent.fault == nil)
                let isRead =
                    intent.side != plain.side || intent.quantity != plain.quantity || intent.price != plain.price
                    || intent.reduceOnly != plain.reduceOnly || intent.leg != plain.leg
                    || intent.action != plain.action || intent.closeQuantity != plain.closeQuantity
                #expect(isRead, "\(name)")
            }
        }
        let accepted = Set(PlanField.all.flatMap { $0.names.map(\.description) })
        for lookalike in PlanLookalike.all {
            for name in [lookalike.name, lookalike.name.uppercased(), lookalike.name + "_", "_" + lookalike.name]
            where !accepted.contains(name) {
                #expect(try fault([(name, "7")]) != nil, "\(name)")
            }
        }
    }
}
