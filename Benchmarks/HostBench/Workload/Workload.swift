import Foundation
import Redis

/// Plans as the intent bridge writes them, and the state that gates judge them by.
///
/// The workload fixes the outcome of every plan: entries stay within the budget, closes reduce, and every eighth plan
/// exceeds an enforced budget. Those carry `regime` = `over_budget`, which no gate reads; contenders that do not decide
/// answer them with a block.
struct Workload {
    static let heldNotional = 400.0
    private static let entryNotional = 200.0
    private static let overBudgetNotional = 2 * Double(Instrument.budget)
    private static let overBudgetPeriod = 8
    private static let closePeriod = 5

    enum Outcome: String {
        case permit, block
    }

    enum Kind: Hashable {
        case entry, close, overBudget
    }

    enum Mix {
        /// Of 40 plans 28 entries, 7 closes and 5 beyond the budget.
        case usual
        case entriesOnly
        case blocksOnly
    }

    let instruments: [Instrument]
    private let enforced: [Int]
    private let mix: Mix

    init(symbols: Int, mix: Mix = .usual) {
        self.mix = mix
        let instruments = (0..<symbols).map(Instrument.init)
        self.instruments = instruments
        enforced = instruments.indices.filter { instruments[$0].isEnforced }
    }

    func kind(_ index: Int) -> Kind {
        switch mix {
        case .entriesOnly: return .entry
        case .blocksOnly: return .overBudget
        case .usual: break
        }
        if index % Self.overBudgetPeriod == Self.overBudgetPeriod - 1 { return .overBudget }
        return index % Self.closePeriod == Self.closePeriod - 1 ? .close : .entry
    }

    func outcome(_ index: Int) -> Outcome { kind(index) == .overBudget ? .block : .permit }

    /// The index of a plan's instrument.
    func instrument(_ index: Int) -> Int {
        kind(index) == .overBudget
            ? enforced[index / Self.overBudgetPeriod % enforced.count] : index % instruments.count
    }

    /// A plan's fields and values. Plans of one kind and instrument differ only in their ids.
    func plan(_ kind: Kind, _ instrument: Instrument, id: String, at now: Int) -> [String] {
        let isClose = kind == .close
        let notional = isClose ? Self.heldNotional : kind == .overBudget ? Self.overBudgetNotional : Self.entryNotional
        return [
            "plan_id", id, "decision", "EXECUTE", "symbol", instrument.name, "side", isClose ? "SELL" : "BUY", "type",
            "MARKET",
            "qty", instrument.quantity(worth: notional), "reduceOnly", isClose ? "true" : "false", "source",
            "intent_bridge", "signature", "intent_bridge",
            "timestamp", "\(now)", "action", isClose ? "FULL_CLOSE_PROPOSED" : "ENTRY_PROPOSED", "leverage", "5",
            "entry_price", String(format: "%.8f", instrument.price), "confidence", "0.5183219432830812",
            "regime", kind == .overBudget ? "over_budget" : "unknown",
        ]
    }

    /// The held positions, one a line, for the execution layer's publisher.
    var positions: String {
        instruments.map { "\($0.name) \($0.heldQuantity) \($0.markPrice)\n" }.joined()
    }

    /// Writes the state records with the present time.
    func seedRecords(_ stage: Stage) throws {
        let now = Int(Date().timeIntervalSince1970)
        var pipeline = RedisPipeline()
        for instrument in instruments {
            for record in instrument.records(at: now) { pipeline.add(record) }
        }
        pipeline.add([
            "HSET", "quantum:portfolio:heat", "heat", "0.06", "bucket", "COLD", "equity_usd",
            "\(Instrument.equity).0", "total_risk_usd", "6000.0",
            "positions", "\(instruments.count)", "timestamp", "\(now)", "source", "portfolio-risk-governor",
        ])
        try stage.send(pipeline)
    }
}
