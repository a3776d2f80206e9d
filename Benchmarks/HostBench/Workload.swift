import Foundation
import Redis

/// Plans as the intent bridge writes them, and the state that they are judged by.
///
/// The outcome of every plan is fixed beforehand: entries stay within the budget, closes reduce, and every eighth plan is over the budget of a symbol
/// that enforces it. Those carry `regime` = `over_budget`, which no gate reads; the floor, which decides nothing, answers them with a block.
struct Workload {
    static let heldNotional = 400.0
    private static let entryNotional = 200.0
    private static let overBudgetNotional = 5_000.0
    private static let overBudgetPeriod = 8
    private static let closePeriod = 5
    private static let pipelineDepth = 500
    /// Makes sixteen hexadecimal digits of an index.
    private static let planIDPrefix = "7b3e9a1c"

    enum Outcome: String {
        case permit, block
    }

    private enum Kind {
        case entry, close, overBudget
    }

    let instruments: [Instrument]
    private let enforced: [Instrument]

    init(symbols: Int) {
        instruments = (0..<symbols).map(Instrument.init)
        enforced = instruments.filter(\.isEnforced)
    }

    private func kind(_ index: Int) -> Kind {
        if index % Self.overBudgetPeriod == Self.overBudgetPeriod - 1 { return .overBudget }
        return index % Self.closePeriod == Self.closePeriod - 1 ? .close : .entry
    }

    func outcome(_ index: Int) -> Outcome { kind(index) == .overBudget ? .block : .permit }

    func planID(_ index: Int) -> String {
        let digits = String(index, radix: 16)
        return Self.planIDPrefix + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    func index(ofPlanID text: String) -> Int? {
        text.hasPrefix(Self.planIDPrefix) ? Int(text.dropFirst(Self.planIDPrefix.count), radix: 16) : nil
    }

    func plan(_ index: Int, at now: Int) -> [String] {
        let kind = kind(index)
        let instrument =
            kind == .overBudget ? enforced[index / Self.overBudgetPeriod % enforced.count] : instruments[index % instruments.count]
        let isClose = kind == .close
        let notional = isClose ? Self.heldNotional : kind == .overBudget ? Self.overBudgetNotional : Self.entryNotional
        return [
            "plan_id", planID(index), "decision", "EXECUTE", "symbol", instrument.name, "side", isClose ? "SELL" : "BUY", "type", "MARKET",
            "qty", instrument.quantity(worth: notional), "reduceOnly", isClose ? "true" : "false", "source", "intent_bridge", "signature", "intent_bridge",
            "timestamp", "\(now)", "action", isClose ? "FULL_CLOSE_PROPOSED" : "ENTRY_PROPOSED", "leverage", "5",
            "entry_price", String(format: "%.8f", instrument.price), "confidence", "0.5183219432830812",
            "regime", kind == .overBudget ? "over_budget" : "unknown",
        ]
    }

    /// Writes the state records, with the time of now.
    func seedRecords(_ stage: Stage) throws {
        let now = Int(Date().timeIntervalSince1970)
        var pipeline = RedisPipeline()
        for instrument in instruments {
            for record in instrument.records(at: now) { pipeline.add(record) }
        }
        pipeline.add([
            "HSET", "quantum:portfolio:heat", "heat", "0.06", "bucket", "COLD", "equity_usd", "100000.0", "total_risk_usd", "6000.0",
            "positions", "\(instruments.count)", "timestamp", "\(now)", "source", "portfolio-risk-governor",
        ])
        try stage.send(pipeline)
    }

    /// Publishes plans as fast as Redis takes them.
    func publish(_ indices: Range<Int>, _ stage: Stage) throws {
        let now = Int(Date().timeIntervalSince1970)
        var pipeline = RedisPipeline()
        for start in stride(from: indices.lowerBound, to: indices.upperBound, by: Self.pipelineDepth) {
            pipeline.removeAll()
            for index in start..<min(start + Self.pipelineDepth, indices.upperBound) { add(index, at: now, to: &pipeline) }
            try stage.send(pipeline)
        }
    }

    func add(_ index: Int, at now: Int, to pipeline: inout RedisPipeline) {
        pipeline.add(["XADD", Wire.plans, "*"] + plan(index, at: now))
    }
}
