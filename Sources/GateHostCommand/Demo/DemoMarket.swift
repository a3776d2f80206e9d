import GateAPI
import GateHost
import Redis
import Synchronization
import TradingState

/// The state around the demo's host: budgets, heat and positions; permitted orders are filled at once, so that positions grow as they would.
final class DemoMarket: Sendable {
    static let budget: Amount = 1_820

    private struct State {
        var positions: [Symbol: (quantity: Amount, price: Amount)] = [:]
        /// Plans filled since the last report.
        var filled: [(planID: String, symbol: Symbol)] = []
        var largest: (budgeted: Amount, unbudgeted: Amount) = (.zero, .zero)
    }

    private let state: Mutex<State>
    private let symbols: [Symbol]
    /// Symbols whose budgets cannot be read.
    private let flawed: Set<Symbol>
    private let budgetMode: GateMode

    private static let missing = 3
    private static let wrongType = 7
    private static let old = 11

    init(plans: [Fields], budgetMode: GateMode) {
        var positions: [Symbol: (quantity: Amount, price: Amount)] = [:]
        for fields in plans {
            guard case .execute(let intent) = Intent.parse(id: EntryID(milliseconds: 0, sequence: 0), fields: fields), let price = intent.price.value
            else { continue }
            positions[intent.symbol] = (.zero, price)
        }
        symbols = positions.keys.sorted { $0.name < $1.name }
        // A few positions are held from the start, for the first closes to close.
        for (index, symbol) in symbols.enumerated() where index % 4 == 0 {
            guard let price = positions[symbol]?.price, let quantity = try? Amount(900).divided(by: price, rounding: .towardZero) else { continue }
            positions[symbol]?.quantity = quantity
        }
        flawed = Set(symbols.enumerated().filter { [Self.missing, Self.wrongType, Self.old].contains($0.offset) }.map(\.element))
        state = Mutex(State(positions: positions, filled: []))
        self.budgetMode = budgetMode
    }

    /// Records as the budget service would write them, with the flaws of a bad day: one symbol without a budget, one whose budget is old, one whose key is
    /// of the wrong type.
    func seed(_ pipeline: inout RedisPipeline, at now: Timestamp) {
        for (index, symbol) in symbols.enumerated() {
            let key = "quantum:portfolio:budget:\(symbol)"
            switch index {
            case Self.missing: continue
            case Self.wrongType: pipeline.add("RPUSH", key, "not a hash")
            default:
                let timestamp = now.milliseconds / 1_000 - (index == Self.old ? 900 : 1)
                pipeline.add(
                    "HSET", key, "symbol", symbol.name, "budget_usd", Self.budget.description, "stress_factor", "0.09", "equity_usd", "100000",
                    "portfolio_heat", "0.06", "cluster_stress", "0.0", "vol_regime", "0.33", "mode", budgetMode.rawValue, "timestamp", "\(timestamp)",
                    "base_risk_pct", "0.02")
            }
        }
    }

    /// The portfolio heats up while the plans go by: cold, warm, then hot.
    func updateHeat(_ pipeline: inout RedisPipeline, progress: Double, at now: Timestamp) {
        let (heat, bucket) = progress < 0.6 ? ("0.12", "COLD") : progress < 0.85 ? ("0.4", "WARM") : ("0.7", "HOT")
        pipeline.add(
            "HSET", "quantum:portfolio:heat", "heat", heat, "bucket", bucket, "equity_usd", "100000", "total_risk_usd", "12000", "positions",
            "\(symbols.count)", "timestamp", "\(now.milliseconds / 1_000)", "source", "demo")
    }

    /// Reports the plans filled since the last call as the execution layer would, and writes the snapshots that show them.
    func updatePositions(_ pipeline: inout RedisPipeline, at now: Timestamp) {
        let (filled, positions) = state.withLock { state in
            defer { state.filled = [] }
            return (state.filled, state.positions)
        }
        for fill in filled {
            pipeline.add(
                "XADD", "quantum:stream:apply.result", "MAXLEN", "~", "10000", "*", "event_type", "apply.result", "plan_id", fill.planID, "symbol",
                fill.symbol.name, "executed", "true", "source", "demo", "details", "{}", "timestamp", "\(now.milliseconds / 1_000)")
        }
        for (symbol, position) in positions {
            let side = position.quantity.isZero ? "NONE" : position.quantity.isNegative ? "SHORT" : "LONG"
            pipeline.add(
                "HSET", "quantum:position:snapshot:\(symbol)", "position_amt", "\(position.quantity)", "side", side, "entry_price", "\(position.price)",
                "mark_price", "\(position.price)", "unrealized_pnl", "0.0", "leverage", "1", "ts_epoch", "\(now.epochSeconds)", "source", "demo")
        }
    }

    func fill(_ decision: Decision) {
        guard let intent = decision.intent, let permit = decision.permit else { return }
        state.withLock { state in
            guard let position = state.positions[intent.symbol] else { return }
            let sells = intent.side == .sell || (intent.side != .buy && position.quantity.isPositive)
            let order = sells ? Amount(units: -permit.quantity.units) : permit.quantity
            guard let quantity = try? position.quantity + order else { return }
            let price = intent.price.value ?? position.price
            state.positions[intent.symbol] = (quantity, price)
            state.filled.append((decision.planID, intent.symbol))
            // A close leaves what it leaves; the gate answers for what entries build up.
            guard let notional = try? quantity.magnitude * price, !intent.action.isClose else { return }
            if flawed.contains(intent.symbol) {
                state.largest.unbudgeted = max(state.largest.unbudgeted, notional)
            } else {
                state.largest.budgeted = max(state.largest.budgeted, notional)
            }
        }
    }

    var largestPositions: (budgeted: Amount, unbudgeted: Amount) { state.withLock { $0.largest } }
}
