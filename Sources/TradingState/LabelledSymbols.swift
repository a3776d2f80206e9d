package import GateAPI
import Synchronization

/// The symbols with metrics of their own: those that the deployment lists, those with a position record, and the first
/// ones with a budget alone.
///
/// The budget service gives budgets to the symbols of plans. So a producer can make budgets, but no positions, and its
/// symbols take half of the series at most.
package final class LabelledSymbols: Sendable {
    /// The metrics tell fewer symbols apart.
    package static let mostSymbols = 1_000
    package static let mostBudgeted = 100

    private struct State {
        var symbols: Set<Symbol>
        var budgeted = 0
    }

    private let state: Mutex<State>

    package init(_ names: [String]) {
        state = Mutex(State(symbols: Set(names.compactMap { Symbol($0) })))
    }

    /// Whether the symbol has metrics of its own, now that it is known what it has.
    package func admit(_ symbol: Symbol, hasPosition: Bool, hasBudget: Bool) -> Bool {
        state.withLock { state in
            if state.symbols.contains(symbol) { return true }
            guard hasPosition || (hasBudget && state.budgeted < Self.mostBudgeted),
                state.symbols.count < Self.mostSymbols
            else { return false }
            state.symbols.insert(symbol)
            if !hasPosition { state.budgeted += 1 }
            return true
        }
    }
}
