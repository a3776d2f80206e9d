package import GateAPI
package import TradingState

/// Bridges gaps in the portfolio state with the last believed state, up to a maximum age by its own timestamp. Pure:
/// the caller passes the time.
package struct LastKnownGood: Sendable, Equatable {
    /// A state younger than this is fresh.
    package let freshFor: Duration
    /// A remembered state is usable up to this age.
    package let usableFor: Duration
    package private(set) var remembered: PortfolioState?
    private var plausibility: EquityPlausibility
    /// The greatest age at which the remembered state was seen. A clock that steps back makes no state younger.
    private var greatestAge: Duration = .zero - Inputs.clockSkewTolerance

    package init(
        freshFor: Duration, usableFor: Duration,
        plausibility: EquityPlausibility = EquityPlausibility(limit: .zero, samples: 1)
    ) {
        self.freshFor = freshFor
        self.usableFor = usableFor
        self.plausibility = plausibility
    }

    /// The equity that waits for more states to agree with it.
    package var held: HeldEquity? { plausibility.held }

    /// Begins a term with the state that the term before believed, if it is newer. That one may have been another
    /// instance's, so it counts however far it is from the memory here.
    package mutating func takeOver(_ state: PortfolioState?, now: Timestamp) {
        plausibility = EquityPlausibility(limit: plausibility.limit, samples: plausibility.samples)
        guard let state, isNewer(state, now: now) else { return }
        remember(state)
    }

    /// Takes over a stored state, if it is newer, of the past and plausible. A loss always is.
    package mutating func restore(_ state: PortfolioState?, now: Timestamp) {
        guard let state, isNewer(state, now: now) else { return }
        if let remembered, state.equity.isPositive {
            guard plausibility.isClose(state.equity, to: remembered.equity) else { return }
        }
        remember(state)
    }

    private func isNewer(_ state: PortfolioState, now: Timestamp) -> Bool {
        guard now.since(state.takenAt) >= .zero - Inputs.clockSkewTolerance else { return false }
        return remembered.map { state.takenAt > $0.takenAt } ?? true
    }

    /// Chooses the state for the computation. A fresh state is remembered unless it is held back; a stale one never is.
    /// An equity that is not a number is not a gap to bridge, and replaces no memory.
    package mutating func resolve(
        _ observation: Result<PortfolioState, InputFailure>, _ evidence: EquityEvidence = EquityEvidence(),
        now: Timestamp
    ) -> StateResolution {
        switch observation {
        case .failure(.nonFinite(field: "equity_usd")):
            let state = PortfolioState(equity: .zero, takenAt: now)
            return .withoutEquity(ResolvedState(state: state, source: .fresh, age: .zero))
        case .failure: return bridge(now: now)
        case .success(let observed):
            let age =
                observed == remembered ? max(now.since(observed.takenAt), greatestAge) : now.since(observed.takenAt)
            guard isFresh(age) else { return bridge(now: now) }
            let state = ResolvedState(state: observed, source: .fresh, age: age)
            // A loss is a fact: it is neither held back nor bridged.
            guard observed.equity.isPositive else {
                plausibility.forget()
                remember(observed)
                return .withoutEquity(state)
            }
            guard plausibility.believes(observed, after: reference(now: now), fresh(evidence, now: now), now: now)
            else { return bridge(now: now) }
            remember(observed)
            return .usable(state)
        }
    }

    private func isFresh(_ age: Duration) -> Bool {
        age < freshFor && age >= .zero - Inputs.clockSkewTolerance
    }

    private func fresh(_ evidence: EquityEvidence, now: Timestamp) -> EquityEvidence {
        let second = evidence.second.flatMap { isFresh(now.since($0.takenAt)) ? $0 : nil }
        return EquityEvidence(flows: evidence.flows, second: second)
    }

    /// The state that a fresh one is compared with: one that could stand in for it.
    private mutating func reference(now: Timestamp) -> PortfolioState? {
        switch bridge(now: now) {
        case .usable(let state), .withoutEquity(let state): state.state
        case .tooOld, .nothing: nil
        }
    }

    private mutating func remember(_ state: PortfolioState) {
        guard state != remembered else { return }
        remembered = state
        greatestAge = .zero - Inputs.clockSkewTolerance
    }

    private mutating func bridge(now: Timestamp) -> StateResolution {
        guard let remembered else { return .nothing }
        let age = now.since(remembered.takenAt)
        greatestAge = max(greatestAge, age)
        // A loss does not end by growing old: it stands until a state shows another equity.
        if remembered.equity.isPositive {
            guard greatestAge <= usableFor else { return .tooOld(age: greatestAge) }
            // A timestamp from the future means that a clock was wrong then or is wrong now, so the age is unknown.
            guard age >= .zero - Inputs.clockSkewTolerance else { return .nothing }
        }
        let state = ResolvedState(state: remembered, source: .lastKnownGood, age: greatestAge)
        return remembered.equity.isPositive ? .usable(state) : .withoutEquity(state)
    }
}
