import GateAPI
import Testing
import TradingState

/// Each record, field by field, written well and written badly.
@Suite struct RecordTests {
    /// `fields` with one of them replaced, or without it if `text` is `nil`.
    private static func replacing(_ name: String, _ text: String?, in fields: [(String, String)]) -> Fields {
        Fields(
            fields.compactMap { pair in
                pair.0 == name ? text.map { (name: name, value: $0) } : (name: pair.0, value: pair.1)
            })
    }

    private static func failure<Record: StateRecord>(_ type: Record.Type, _ fields: Fields) -> InputFailure? {
        do {
            _ = try Record(fields: fields)
            return nil
        } catch {
            return error
        }
    }

    /// Texts that are not numbers, and the failure for each.
    static let badNumbers: [(text: String?, failure: @Sendable (String) -> InputFailure)] = [
        (nil, { .malformed(field: $0) }), ("", { .malformed(field: $0) }), ("None", { .malformed(field: $0) }),
        ("12abc", { .malformed(field: $0) }),
        ("1e400", { .malformed(field: $0) }), ("nan", { .nonFinite(field: $0) }), ("inf", { .nonFinite(field: $0) }),
        ("-Infinity", { .nonFinite(field: $0) }),
    ]

    private static let budget = [
        ("symbol", "BTCUSDT"), ("budget_usd", "1820.0"), ("stress_factor", "0.09"), ("equity_usd", "100000.0"),
        ("portfolio_heat", "0.06"),
        ("cluster_stress", "0.0"), ("vol_regime", "0.33"), ("mode", "enforce"), ("timestamp", "1795354260"),
        ("base_risk_pct", "0.02"),
    ]

    @Test("K2: digits that an amount does not hold are rounded up in exposure, down in what pays for it")
    func directions() throws {
        let time = ("timestamp", "1795354622")
        let more = "0.123456789012345678901"
        let up = try Amount("0.12345678901234567891"), down = try Amount("0.12345678901234567890")
        let heat = try PortfolioHeat(fields: Fields([("heat", more), ("equity_usd", more), time]))
        #expect((heat.heat, heat.equity) == (up, down))
        #expect(try MarketState(fields: ["sigma": more]).sigma == up)
        #expect(try PortfolioState(fields: Fields([("equity_usd", more), time])).equity == down)
        #expect(try CashBalance(fields: Fields([("balance_usd", more), time])).balance == down)
        #expect(try PortfolioBudget(fields: Fields([("budget_usd", more), ("mode", "enforce"), time])).budget == down)
        let position = try Position(fields: ["position_amt": "-" + more, "mark_price": more, "ts_epoch": "1795354622"])
        #expect((position.quantity, position.markPrice) == (Amount.zero.less(up), up))
    }

    @Test("a budget is read as the budget service writes it, in either generation's digits")
    func budgetRecord() throws {
        let record = try PortfolioBudget(fields: Fields(Self.budget))
        #expect(
            record == PortfolioBudget(budget: 1_820, isEnforced: true, computedAt: Timestamp(seconds: 1_795_354_260)))
        #expect(record.timestamp == record.computedAt)
        #expect(
            try PortfolioBudget(fields: Self.replacing("budget_usd", "1867.9999999999998", in: Self.budget)).budget
                == Amount("1867.9999999999998"))
        #expect(try PortfolioBudget(fields: Self.replacing("budget_usd", "0", in: Self.budget)).budget == 0)
        #expect(PortfolioBudget.keys.map(\.description) == ["quantum:portfolio:budget:{symbol}"])
    }

    @Test(
        "K5: a budget's mode is read in any case, with blanks and line ends around it",
        arguments: [
            ("enforce", true), ("ENFORCE", true), (" enforce ", true), ("Enforce\n", true), ("shadow", false),
            ("SHADOW", false), ("\tshadow\r\n", false),
        ])
    func budgetMode(mode: String, isEnforced: Bool) throws {
        #expect(try PortfolioBudget(fields: Self.replacing("mode", mode, in: Self.budget)).isEnforced == isEnforced)
    }

    @Test(
        "K5: a budget whose mode is neither is malformed: it switches no gate to shadow unseen",
        arguments: ["", " ", "true", "1", "on", "enforced", "en force", "shadow enforce", "off", "enforce\0", nil])
    func unclearBudgetMode(mode: String?) {
        #expect(
            Self.failure(PortfolioBudget.self, Self.replacing("mode", mode, in: Self.budget))
                == .malformed(field: "mode"))
    }

    @Test(
        "a budget without a good amount or time is refused, and says which field",
        arguments: ["budget_usd", "timestamp"])
    func badBudget(field: String) {
        for bad in Self.badNumbers {
            #expect(
                Self.failure(PortfolioBudget.self, Self.replacing(field, bad.text, in: Self.budget))
                    == bad.failure(field), "\(bad.text ?? "missing")")
        }
    }

    @Test("a negative budget and a time out of range are malformed")
    func impossibleBudget() {
        #expect(
            Self.failure(PortfolioBudget.self, Self.replacing("budget_usd", "-0.01", in: Self.budget))
                == .malformed(field: "budget_usd"))
        #expect(
            Self.failure(PortfolioBudget.self, Self.replacing("timestamp", "1e20", in: Self.budget))
                == .malformed(field: "timestamp"))
    }

    @Test("fields that no gate reads may be missing or wrong")
    func unreadFields() throws {
        for (name, _) in Self.budget where !["budget_usd", "mode", "timestamp"].contains(name) {
            #expect(try PortfolioBudget(fields: Self.replacing(name, "nan", in: Self.budget)).budget == 1_820)
            #expect(try PortfolioBudget(fields: Self.replacing(name, nil, in: Self.budget)).budget == 1_820)
        }
    }

    private static let heat = [
        ("heat", "0.0625"), ("bucket", "COLD"), ("equity_usd", "100000"), ("total_risk_usd", "6250"),
        ("positions", "3"), ("timestamp", "1795354260.5"),
        ("source", "budget"),
    ]

    @Test("portfolio heat is one record for all symbols")
    func heatRecord() throws {
        let record = try PortfolioHeat(fields: Fields(Self.heat))
        #expect(
            record
                == PortfolioHeat(
                    heat: Amount(units: 625, decimals: 4), equity: 100_000,
                    computedAt: Timestamp(milliseconds: 1_795_354_260_500)))
        #expect(record.timestamp == record.computedAt)
        #expect(PortfolioHeat.keys.map(\.description) == ["quantum:portfolio:heat"])
        #expect(try PortfolioHeat(fields: Self.replacing("heat", "0", in: Self.heat)).heat == 0)
    }

    @Test(
        "portfolio heat without a good value is refused, and says which field",
        arguments: ["heat", "equity_usd", "timestamp"])
    func badHeat(field: String) {
        for bad in Self.badNumbers {
            #expect(
                Self.failure(PortfolioHeat.self, Self.replacing(field, bad.text, in: Self.heat)) == bad.failure(field),
                "\(bad.text ?? "missing")")
        }
    }

    @Test(
        "negative heat, and equity of zero or less, are malformed",
        arguments: [("heat", "-0.1"), ("equity_usd", "0"), ("equity_usd", "-5")])
    func impossibleHeat(field: String, text: String) {
        #expect(
            Self.failure(PortfolioHeat.self, Self.replacing(field, text, in: Self.heat)) == .malformed(field: field))
    }

    private static let position = [
        ("position_amt", "-0.5"), ("side", "SHORT"), ("entry_price", "91000.0"), ("mark_price", "90500.25"),
        ("unrealized_pnl", "250.0"), ("leverage", "5"),
        ("ts_epoch", "1795354620"), ("source", "binance_testnet"),
    ]

    @Test("a position is read from either generation of its key")
    func positionRecord() throws {
        let time = Timestamp(seconds: 1_795_354_620)
        #expect(
            try Position(fields: Fields(Self.position))
                == Position(
                    quantity: Amount(percent: -50), markPrice: Amount(units: 9_050_025, decimals: 2), timestamp: time))
        let march: Fields = [
            "symbol": "BTCUSDT", "position_amt": "0.0", "side": "FLAT", "quantity": "0.0", "entry_price": "0.0",
            "mark_price": "0.0", "current_price": "0.0",
            "unrealized_pnl": "0.0", "leverage": "1", "ts_epoch": "1795354620", "source": "position_state_brain",
        ]
        #expect(try Position(fields: march) == Position(quantity: 0, markPrice: nil, timestamp: time))
        #expect(
            Position.keys.map(\.description) == [
                "quantum:position:snapshot:{symbol}", "quantum:state:positions:{symbol}",
            ])
    }

    @Test(
        "a position without a good quantity or time is refused, and says which field",
        arguments: ["position_amt", "ts_epoch"])
    func badPosition(field: String) {
        for bad in Self.badNumbers {
            #expect(
                Self.failure(Position.self, Self.replacing(field, bad.text, in: Self.position)) == bad.failure(field),
                "\(bad.text ?? "missing")")
        }
    }

    @Test(
        "a mark price may be missing, but not wrong",
        arguments: [
            (nil, nil), ("", nil), ("0", nil), ("0.0", nil), ("-1", InputFailure.malformed(field: "mark_price")),
            ("x", .malformed(field: "mark_price")),
            ("nan", .nonFinite(field: "mark_price")),
        ] as [(String?, InputFailure?)])
    func markPrice(text: String?, failure: InputFailure?) throws {
        let fields = Self.replacing("mark_price", text, in: Self.position)
        #expect(Self.failure(Position.self, fields) == failure)
        if failure == nil { #expect(try Position(fields: fields).markPrice == nil) }
    }

    @Test("H1: a position may show its legs, with or without the sum")
    func legs() throws {
        let legs = PositionLegs(long: 3, short: 1)
        let time = Timestamp(seconds: 1_795_354_620)
        for short in ["1", "-1"] {
            let fields: Fields = ["long_qty": "3", "short_qty": short, "ts_epoch": "1795354620"]
            #expect(try Position(fields: fields) == Position(quantity: 2, legs: legs, markPrice: nil, timestamp: time))
        }
        let one: Fields = ["position_amt": "0", "long_qty": "3", "ts_epoch": "1795354620"]
        #expect(try Position(fields: one).legs == PositionLegs(long: 3, short: 0))
        #expect(try Position(fields: one).quantity == 0)
        for (name, text) in [("long_qty", "-3"), ("long_qty", "x"), ("short_qty", "x")] {
            let fields: Fields = ["position_amt": "0", name: text, "ts_epoch": "1795354620"]
            #expect(Self.failure(Position.self, fields) == .malformed(field: name))
        }
    }

    @Test("H1: a leg's own record is read like a position")
    func legRecord() throws {
        let time = Timestamp(seconds: 1_795_354_620)
        let short = try ShortPosition(fields: Fields(Self.position))
        #expect(
            short.record
                == LegRecord(
                    quantity: Amount(percent: 50), markPrice: Amount(units: 9_050_025, decimals: 2), timestamp: time))
        #expect(Self.failure(LongPosition.self, Fields(Self.position)) == .malformed(field: "position_amt"))
        for field in ["position_amt", "ts_epoch"] {
            for bad in Self.badNumbers {
                #expect(
                    Self.failure(ShortPosition.self, Self.replacing(field, bad.text, in: Self.position))
                        == bad.failure(field), "\(bad.text ?? "missing")")
            }
        }
    }

    @Test(
        "a market state's sigma may be missing or zero, but not wrong",
        arguments: [
            ("0.02", nil, "0.02"), (nil, nil, nil), ("", nil, nil), ("0", nil, nil),
            ("-0.01", InputFailure.malformed(field: "sigma"), nil),
            ("abc", .malformed(field: "sigma"), nil), ("nan", .nonFinite(field: "sigma"), nil),
            ("inf", .nonFinite(field: "sigma"), nil),
        ] as [(String?, InputFailure?, String?)])
    func marketState(text: String?, failure: InputFailure?, sigma: String?) throws {
        let fields = Self.replacing("sigma", text, in: [("vol_regime", "HIGH_VOL"), ("sigma", "")])
        #expect(Self.failure(MarketState.self, fields) == failure)
        if failure == nil {
            let record = try MarketState(fields: fields)
            #expect(record.sigma?.description == sigma)
            #expect(record.timestamp == nil)
        }
        #expect(MarketState.keys.map(\.description) == ["quantum:state:market:{symbol}"])
    }
}
