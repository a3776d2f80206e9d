import Foundation

/// Plans of the intent bridge, and the state that gates judge them by. Every gate of the bench passes every plan,
/// because a gate that does not judge would look fast.
enum World {
    /// 2025-11-22, the time of the plans.
    static let now: Int64 = 1_763_818_350

    private static let plans: [(symbol: String, quantity: String, price: String, confidence: String)] = [
        ("BTCUSDC", "0.004161", "95786.09000000", "0.22279788851737975"),
        ("ETHUSDC", "0.399604", "3189.73000000", "0.518321943283081"),
        ("SOLUSDC", "9.099548", "150.28000000", "0.5402502536773681"),
        ("XRPUSDC", "295.436", "2.27870000", "0.3439495325088501"),
        ("BNBUSDC", "1.328275", "935.74000000", "0.5106167078018188"),
    ]

    static var symbols: [String] { plans.map(\.symbol) }

    /// All plan ids have this length, so that plans of one kind have the same layout.
    static let planIDLength = 16

    static func plan(_ index: Int) -> [(name: String, value: String)] {
        let plan = plans[index % plans.count]
        return [
            ("plan_id", String(repeating: "0", count: planIDLength)), ("decision", "EXECUTE"), ("symbol", plan.symbol),
            ("side", "BUY"), ("type", "MARKET"),
            ("qty", plan.quantity), ("reduceOnly", "false"), ("source", "intent_bridge"),
            ("signature", "intent_bridge"), ("timestamp", "\(now)"),
            ("action", "ENTRY_PROPOSED"), ("leverage", "5"), ("entry_price", plan.price),
            ("confidence", plan.confidence), ("regime", "unknown"),
        ]
    }

    /// The records by Redis key; they are 10 seconds old.
    static func records() -> [String: [(name: String, value: String)]] {
        var records = [
            "quantum:portfolio:heat": [
                ("heat", "0.06"), ("bucket", "COLD"), ("equity_usd", "100000.0"), ("total_risk_usd", "6000.0"),
                ("positions", "5"),
                ("timestamp", "\(now - 10)"), ("source", "portfolio-risk-governor"),
            ]
        ]
        for (symbol, _, price, _) in plans {
            let held = String(format: "%.6f", 100 / (Double(price) ?? 1))
            records["quantum:portfolio:budget:\(symbol)"] = [
                ("symbol", symbol), ("budget_usd", "1820.0"), ("stress_factor", "0.09"), ("equity_usd", "100000.0"),
                ("portfolio_heat", "0.06"),
                ("cluster_stress", "0.0"), ("vol_regime", "0.33"), ("mode", "enforce"), ("timestamp", "\(now - 10)"),
                ("base_risk_pct", "0.02"),
            ]
            records["quantum:position:snapshot:\(symbol)"] = [
                ("position_amt", held), ("side", "LONG"), ("entry_price", price), ("mark_price", price),
                ("unrealized_pnl", "0.0"), ("leverage", "5"),
                ("ts_epoch", "\(now - 10)"), ("source", "binance_testnet"),
            ]
            records["quantum:state:market:\(symbol)"] = [("vol_regime", "NORMAL"), ("sigma", "0.01")]
        }
        return records
    }
}
