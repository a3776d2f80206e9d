import Foundation

/// A symbol of the workload, with the state that the gates read.
struct Instrument {
    /// So large that the shares of the plans in flight never fill it: every outcome is fixed by the workload.
    static let budget = 1_000_000_000
    /// So large that those shares heat nothing.
    static let equity = 1_000_000_000_000
    private static let known: [(name: String, price: Double)] = [
        ("BTCUSDC", 95_786.09), ("ETHUSDC", 3_189.73), ("SOLUSDC", 150.28), ("XRPUSDC", 2.2787), ("BNBUSDC", 935.74),
        ("DOGEUSDC", 0.17558),
        ("SUIUSDC", 1.7767), ("LINKUSDC", 15.67), ("ADAUSDC", 0.5312), ("AVAXUSDC", 17.42), ("LTCUSDC", 101.35),
        ("BCHUSDC", 512.6),
    ]

    let name: String
    let price: Double
    /// False for every fourth symbol, whose budget comes from a service in shadow mode and so only advises.
    let isEnforced: Bool

    init(number: Int) {
        let model = Self.known[number % Self.known.count]
        name = number < Self.known.count ? model.name : "T\(number)\(model.name)"
        price = model.price
        isEnforced = number % 4 != 3
    }

    /// The quantity of this value in USD, as the bridge prints it.
    func quantity(worth usd: Double) -> String { String(format: "%.6f", usd / price) }

    var heldQuantity: String { quantity(worth: Workload.heldNotional) }

    var markPrice: String { String(format: "%.4f", price) }

    /// The symbol's records as HSET arguments.
    func records(at now: Int) -> [[String]] {
        let price = markPrice
        return [
            [
                "HSET", "quantum:portfolio:budget:\(name)", "symbol", name, "budget_usd", "\(Self.budget).0",
                "stress_factor", "0.09", "equity_usd", "\(Self.equity).0",
                "portfolio_heat", "0.06", "cluster_stress", "0.0", "vol_regime", "0.33", "mode",
                isEnforced ? "enforce" : "shadow", "timestamp", "\(now)",
                "base_risk_pct", "0.02",
            ],
            [
                "HSET", "quantum:position:snapshot:\(name)", "position_amt", heldQuantity, "side", "LONG",
                "entry_price", price, "mark_price", price,
                "unrealized_pnl", "0.0", "leverage", "5", "ts_epoch", "\(now)", "source", "binance_testnet",
            ],
            [
                "HSET", "quantum:state:positions:\(name)", "symbol", name, "position_amt", heldQuantity, "side", "LONG",
                "quantity", heldQuantity,
                "entry_price", price, "mark_price", price, "current_price", price, "unrealized_pnl", "0.0", "leverage",
                "5", "ts_epoch", "\(now)",
                "source", "position_state_brain",
            ],
            ["HSET", "quantum:state:market:\(name)", "vol_regime", "NORMAL", "sigma", "0.01"],
        ]
    }
}
