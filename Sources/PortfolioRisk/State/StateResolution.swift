import GateAPI
package import TradingState

/// The state for the computation, or the reason why there is none.
package enum StateResolution: Sendable, Equatable {
    case usable(ResolvedState)
    /// The portfolio has no positive equity, or one that is no number, which counts as zero.
    case withoutEquity(ResolvedState)
    /// The remembered state is older than its limit.
    case tooOld(age: Duration)
    case nothing

    /// The state that budgets are computed from.
    func state(onNoEquity: NoEquityPolicy) -> ResolvedState? {
        switch self {
        case .usable(let state): state
        case .withoutEquity(let state): onNoEquity == .zero ? state : nil
        case .tooOld, .nothing: nil
        }
    }
}

package enum StateSource: String, Sendable {
    case fresh
    case lastKnownGood = "lkg"
}

package struct ResolvedState: Sendable, Equatable {
    package let state: PortfolioState
    package let source: StateSource
    package let age: Duration

    package init(state: PortfolioState, source: StateSource, age: Duration) {
        self.state = state
        self.source = source
        self.age = age
    }
}
