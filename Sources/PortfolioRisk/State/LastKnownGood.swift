package import GateAPI
package import TradingState

/// Bridges gaps in the portfolio state with the last fresh state, up to a maximum age by its own timestamp. Pure: the
/// caller passes the time.
package struct LastKnownGood: Sendable, Equatable {
    /// A state younger than this is fresh.
    package let freshFor: Duration
    /// A remembered state is usable up to this age.
    package let usableFor: Duration
    package private(set) var remembered: PortfolioState?

    package init(freshFor: Duration, usableFor: Duration) {
        self.freshFor = freshFor
        self.usableFor = usableFor
    }

    /// Takes over the state that an earlier run stored, if it is newer.
    package mutating func restore(_ state: PortfolioState?) {
        guard let state, state.equity.isPositive, state.takenAt > remembered?.takenAt ?? Timestamp(microseconds: .min)
        else { return }
        remembered = state
    }

    /// Chooses the state for the computation. A fresh state is remembered; a stale one never is. An equity that is not
    /// a number is not a gap to bridge.
    package mutating func resolve(_ observation: Result<PortfolioState, InputFailure>, now: Timestamp)
        -> StateResolution
    {
        switch observation {
        case .failure(.nonFinite(field: "equity_usd")): return .withoutEquity
        case .failure: return bridge(now: now)
        case .success(let observed):
            let age = now.since(observed.takenAt)
            if age < freshFor, age >= .zero - Inputs.clockSkewTolerance {
                // No equity is a fact, not a gap to bridge.
                guard observed.equity.isPositive else { return .withoutEquity }
                remembered = observed
                return .usable(ResolvedState(state: observed, source: .fresh, age: age))
            }
            return bridge(now: now)
        }
    }

    private func bridge(now: Timestamp) -> StateResolution {
        guard let remembered else { return .nothing }
        let age = now.since(remembered.takenAt)
        // A timestamp from the future means that a clock was wrong then or is wrong now, so the age is unknown.
        guard age >= .zero - Inputs.clockSkewTolerance else { return .nothing }
        guard age <= usableFor else { return .tooOld(age: age) }
        return .usable(ResolvedState(state: remembered, source: .lastKnownGood, age: age))
    }
}

/// The state for the computation, or the reason why there is none.
package enum StateResolution: Sendable, Equatable {
    case usable(ResolvedState)
    /// The portfolio has no positive equity.
    case withoutEquity
    /// The remembered state is older than its limit.
    case tooOld(age: Duration)
    case nothing
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
