import GateAPI
import GateTestSupport
import Testing

@Suite struct IntentParsingTests {
    private static func outcome(_ pairs: [(String, String)]) -> String {
        switch Fields(pairs).parsed {
        case .execute(let intent): "execute \(intent.symbol)"
        case .skip(let planID, let symbol, let decision): "skip \(planID) \(symbol) \(decision)"
        case .rejected(let rejection): rejection.rawValue
        }
    }

    private static let longest = String(repeating: "x", count: Intent.maximumPlanIDLength)
    private static let longestSymbol = String(repeating: "S", count: Symbol.maximumLength)

    @Test(
        "an entry is an intent, something to skip, or rejected with its reason",
        arguments: [
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "btcusdt")], "execute BTCUSDT"),
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", longestSymbol)], "execute \(longestSymbol)"),
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", longestSymbol + "S")], "invalid_symbol"),
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "BTC USDT")], "invalid_symbol"),
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "BTC\u{0}")], "invalid_symbol"),
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "")], "missing_symbol"),
            ([("plan_id", "p"), ("decision", "EXECUTE")], "missing_symbol"),
            ([("plan_id", longest), ("decision", "EXECUTE"), ("symbol", "B")], "execute B"),
            ([("plan_id", longest + "x"), ("decision", "EXECUTE"), ("symbol", "B")], "invalid_plan_id"),
            ([("plan_id", ""), ("decision", "EXECUTE"), ("symbol", "B")], "invalid_plan_id"),
            ([("plan_id", "a b"), ("decision", "EXECUTE"), ("symbol", "B")], "invalid_plan_id"),
            ([("plan_id", "a\n"), ("decision", "EXECUTE"), ("symbol", "B")], "invalid_plan_id"),
            ([], "missing_plan_id"),
            ([("decision", "EXECUTE"), ("symbol", "B")], "missing_plan_id"),
            ([("plan_id", "p")], "skip p  SKIP"),
            ([("plan_id", "p"), ("symbol", "B"), ("decision", "BLOCKED")], "skip p B BLOCKED"),
            ([("plan_id", "p"), ("symbol", "B"), ("decision", "execute")], "skip p B execute"),
            ([("plan_id", "p"), ("symbol", "B"), ("decision", "EXECUTE ")], "skip p B EXECUTE "),
            ([("plan_id", "p"), ("plan_id", "q")], "duplicate_field"),
            ([("qty", "1"), ("qty", "1"), ("plan_id", "p")], "duplicate_field"),
            (
                [("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "B"), ("qty", "1"), ("qty", "1")],
                "duplicate_field"
            ),
            ([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "B"), ("", "1"), ("", "2")], "duplicate_field"),
        ] as [([(String, String)], String)])
    func outcomes(pairs: [(String, String)], outcome: String) {
        #expect(Self.outcome(pairs) == outcome)
    }

    @Test(
        "K8: no plan id and no symbol has blanks, controls or invisible characters, of ASCII or beyond",
        arguments: [
            "\u{1B}", "\u{7F}", "\u{80}", "\u{85}", "\u{9B}", "\u{9F}", "\u{A0}", "\u{AD}", "\u{2003}", "\u{200B}",
            "\u{200E}",
            "\u{2028}", "\u{2029}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{3000}", "\u{3164}", "\u{FEFF}", "\u{FFFD}",
            "\u{E0041}",
        ] as [Unicode.Scalar])
    func invisibleNames(scalar: Unicode.Scalar) {
        let name = "A\(scalar)B"
        #expect(Self.outcome([("plan_id", name), ("decision", "EXECUTE"), ("symbol", "B")]) == "invalid_plan_id")
        #expect(Self.outcome([("plan_id", name)]) == "invalid_plan_id")
        #expect(Self.outcome([("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", name)]) == "invalid_symbol")
    }

    @Test("letters, digits and signs of any script may stand in names", arguments: ["é", "币安", "🚀", "Ω", "कि"])
    func visibleNames(name: String) {
        #expect(Self.outcome([("plan_id", name), ("decision", "EXECUTE"), ("symbol", name)]) == "execute \(name)")
    }

    @Test("limits of fields and bytes hold to the last one")
    func limits() {
        func entry(extraFields: Int, bytes: Int? = nil) -> String {
            var pairs = [("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "B")]
            for number in 0..<extraFields { pairs.append(("f\(number)", "")) }
            if let bytes {
                let used = pairs.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count }
                pairs.append(("z", String(repeating: "z", count: bytes - used - 1)))
            }
            return Self.outcome(pairs)
        }
        #expect(entry(extraFields: Intent.maximumFields - 3) == "execute B")
        #expect(entry(extraFields: Intent.maximumFields - 2) == "too_many_fields")
        #expect(entry(extraFields: 0, bytes: Intent.maximumBytes) == "execute B")
        #expect(entry(extraFields: 0, bytes: Intent.maximumBytes + 1) == "entry_too_large")
    }

    @Test(
        "a number is given, absent, malformed or non-finite; zero means absent",
        arguments: [
            ("1.5", Reading<Amount>.value(Amount(percent: 150))), ("0", .absent), ("0.0", .absent), ("", .absent),
            ("-1", .malformed),
            ("None", .malformed), ("1_0", .value(10)), ("1__0", .malformed), ("nan", .nonFinite), ("-inf", .nonFinite),
            ("1e40", .malformed),
            ("1e-21", .value(Amount(units: 1))), ("0.000000000000000000011", .value(Amount(units: 2))),
            ("4e-9", .value(Amount(units: 4, decimals: 9))), ("1.2e-9", .value(Amount(units: 12, decimals: 10))),
            ("0.0051020147856388485", .value(Amount(units: 51_020_147_856_388_485, decimals: 19))),
            ("2e18", .malformed),
        ])
    func numbers(text: String, reading: Reading<Amount>) throws {
        let intent = try #require(Fields.plan([("qty", text), ("price", text), ("close_qty", text)]).parsed.intent)
        #expect(intent.quantity == reading)
        #expect(intent.price == reading)
        #expect(intent.closeQuantity == reading.value)
    }

    @Test(
        "the plan's price counts before its entry price, unless there is none",
        arguments: [
            ("100", "90", Reading<Amount>.value(100)), ("", "90", .value(90)), ("0", "90", .value(90)),
            ("x", "90", .malformed), ("", "", .absent),
        ])
    func prices(price: String, entryPrice: String, expected: Reading<Amount>) throws {
        let intent = try #require(Fields.plan([("price", price), ("entry_price", entryPrice)]).parsed.intent)
        #expect(intent.price == expected)
    }

    @Test(
        "actions and sides are told apart in any case",
        arguments: [
            ("", Action.none), ("HOLD", .hold), ("update_sl", .updateStop), ("FULL_CLOSE", .fullClose),
            ("full_close_proposed", .fullClose),
            ("PARTIAL_25", .partialClose), ("PARTIAL_", .partialClose), ("ENTRY_PROPOSED", .open),
            ("OPEN_PROPOSED", .open),
            ("LOCKDOWN_HALT", .other("LOCKDOWN_HALT")), ("PARTIAL", .other("PARTIAL")),
            ("FULL_CLOSE ", .other("FULL_CLOSE ")),
        ])
    func actions(name: String, action: Action) throws {
        let intent = try #require(Fields.plan([("action", name), ("side", "Short")]).parsed.intent)
        #expect(intent.action == action)
        #expect(intent.action.isClose == (action == .fullClose || action == .partialClose))
        #expect(intent.side == .sell)
        #expect(try #require(Fields.plan([("side", "sideways")]).parsed.intent).side == nil)
    }

    @Test(
        "the part to close comes from the action, else from the first step",
        arguments: [
            ("FULL_CLOSE_PROPOSED", "", "1"), ("PARTIAL_25", "", "0.25"), ("PARTIAL_33", #"[{"pct": 50.0}]"#, "0.33"),
            ("PARTIAL_100", "", "1"),
            ("PARTIAL_CLOSE_PROPOSED", #"[{"step": "PARTIAL_50", "pct": 50.0}]"#, "0.5"),
            ("PARTIAL_CLOSE_PROPOSED", #"[{"pct":12.5, "x": 1}]"#, "0.125"),
            ("PARTIAL_CLOSE_PROPOSED", #"[{"pct": 150.0}]"#, nil), ("PARTIAL_CLOSE_PROPOSED", #"[{"pct": -5}]"#, nil),
            ("PARTIAL_CLOSE_PROPOSED", #"[{"pct": "50"}]"#, nil), ("PARTIAL_CLOSE_PROPOSED", #"[{"pct": "#, nil),
            ("PARTIAL_CLOSE_PROPOSED", "[]", nil),
            ("PARTIAL_0", "", nil), ("PARTIAL_101", "", nil), ("PARTIAL_nan", "", nil), ("PARTIAL_-5", "", nil),
            ("PARTIAL_0.00000001", "", "0.0000000001"), ("PARTIAL_0.0000000000000000001", "", nil),
            ("HOLD", #"[{"pct": 50.0}]"#, nil), ("", #"[{"pct": 50.0}]"#, nil),
        ])
    func closeFractions(action: String, steps: String, fraction: String?) throws {
        let intent = try #require(Fields.plan([("action", action), ("steps", steps)]).parsed.intent)
        #expect(intent.closeFraction?.description == fraction)
    }

    @Test(
        "an entry id is two decimal numbers",
        arguments: [
            ("1795354847562-0", true), ("0-0", true), ("18446744073709551615-18446744073709551615", true),
            ("18446744073709551616-0", false), ("1-", false),
            ("-1", false), ("1", false), ("", false), ("1-2-3", false), ("+1-0", false), ("1-+2", false),
            ("a-b", false), (" 1-0", false),
        ])
    func entryIDs(text: String, isValid: Bool) {
        #expect(EntryID(text)?.description == (isValid ? text : nil))
    }

    @Test("entry ids are ordered by time, then by sequence")
    func entryIDOrder() {
        let ids = [("1", "9"), ("2", "0"), ("2", "1"), ("10", "0")].compactMap { EntryID("\($0)-\($1)") }
        #expect(ids.count == 4)
        #expect(ids.reversed().sorted() == ids)
    }
}
