import GateAPI
import GateHost
import Platform
import Redis
import Synchronization
import TradingState

/// The market around the demo's services: prices, volatility, equity and positions; permitted orders are filled at
/// once, so that positions grow as they would.
final class DemoMarket: Sendable {
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

    /// Every tenth symbol.
    private static let flaws = 10

    init(plans: [Fields]) {
        var positions: [Symbol: (quantity: Amount, price: Amount)] = [:]
        for fields in plans {
            guard case .execute(let intent) = Intent.parse(id: EntryID(milliseconds: 0, sequence: 0), fields: fields),
                let price = intent.price.value
            else { continue }
            positions[intent.symbol] = (.zero, price)
        }
        symbols = positions.keys.sorted { $0.name < $1.name }
        // A few positions are held from the start, for the first closes to close.
        for (index, symbol) in symbols.enumerated() where index % 4 == 0 {
            guard let price = positions[symbol]?.price,
                let quantity = try? Amount(900).divided(by: price, rounding: .towardZero)
            else { continue }
            positions[symbol]?.quantity = quantity
        }
        flawed = Set(symbols.enumerated().filter { $0.offset % Self.flaws == Self.flaws - 1 }.map(\.element))
        state = Mutex(State(positions: positions, filled: []))
    }

    /// Writes budget keys of the wrong type before the services start, so that these budgets cannot be read.
    func seed(_ pipeline: inout RedisPipeline) {
        for symbol in flawed { pipeline.add("RPUSH", "quantum:portfolio:budget:\(symbol)", "not a hash") }
    }

    /// A symbol whose budget the service will compute.
    var budgetedSymbol: Symbol? { symbols.first { !flawed.contains($0) } }

    /// Writes the records that the budget service reads: the portfolio's state, and markets that become more volatile
    /// during the run, until the portfolio is warm, then hot. The volatility is annual.
    func updateMarket(_ pipeline: inout RedisPipeline, progress: Double, at now: Timestamp) {
        let seconds = "\(now.milliseconds / 1_000)"
        pipeline.add(
            "HSET", "quantum:state:portfolio", "ts_utc", seconds, "timestamp", seconds, "equity_usd", "100000.00",
            "balance_usd", "100000.00",
            "unrealized_pnl_usd", "0.00", "positions_count", "\(symbols.count)", "source", "demo", "drawdown", "0.0")
        let sigma = progress < 0.4 ? "0.3" : progress < 0.6 ? "0.8" : progress < 0.8 ? "2" : "6"
        for symbol in symbols {
            pipeline.add("HSET", "quantum:state:market:\(symbol)", "vol_regime", "LOW", "sigma", sigma)
        }
    }

    /// Reports the plans filled since the last call as the execution layer would, and writes the snapshots that show
    /// them.
    func updatePositions(_ pipeline: inout RedisPipeline, at now: Timestamp) {
        let (filled, positions) = state.withLock { state in
            defer { state.filled = [] }
            return (state.filled, state.positions)
        }
        for fill in filled {
            pipeline.add(
                "XADD", "quantum:stream:apply.result", "MAXLEN", "~", "10000", "*", "event_type", "apply.result",
                "plan_id", fill.planID, "symbol",
                fill.symbol.name, "executed", "true", "source", "demo", "details", "{}", "timestamp",
                "\(now.milliseconds / 1_000)")
        }
        for (symbol, position) in positions {
            let side = position.quantity.isZero ? "NONE" : position.quantity.isNegative ? "SHORT" : "LONG"
            pipeline.add(
                "HSET", "quantum:position:snapshot:\(symbol)", "position_amt", "\(position.quantity)", "side", side,
                "entry_price", "\(position.price)",
                "mark_price", "\(position.price)", "unrealized_pnl", "0.0", "leverage", "1", "ts_epoch",
                "\(now.epochSeconds)", "source", "demo")
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
            // The table shows the positions that entries build up, which the gate limits; closes do not count.
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
