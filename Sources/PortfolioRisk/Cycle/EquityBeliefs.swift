import GateAPI
import Logging
import TradingState

/// The equity as the cycles of this instance believe it, from one to the next.
struct EquityBeliefs {
    private let metrics: RiskMetrics
    private let logger: Logger
    private var lastKnownGood: LastKnownGood
    private var term: LeaseTerm?

    init(_ settings: RiskSettings, _ metrics: RiskMetrics, _ logger: Logger) {
        self.metrics = metrics
        self.logger = logger
        lastKnownGood = LastKnownGood(
            freshFor: settings.staleAfter.duration, usableFor: settings.lastKnownGoodFor.duration,
            plausibility: EquityPlausibility(limit: settings.equityJump, samples: settings.equitySamples))
    }

    mutating func believe(_ portfolio: PortfolioInputs, in term: LeaseTerm, now: Timestamp) -> EquityBelief {
        if term == self.term {
            lastKnownGood.restore(portfolio.remembered, now: now)
        } else {
            lastKnownGood.takeOver(portfolio.remembered, now: now)
            self.term = term
        }
        let before = lastKnownGood.held
        let resolution = lastKnownGood.resolve(portfolio.state, portfolio.evidence, now: now)
        let belief = EquityBelief(resolution: resolution, held: lastKnownGood.held, drawdown: portfolio.drawdown)
        record(resolution, portfolio.state)
        metrics.record(belief, after: before)
        log(belief.held, after: before)
        return belief
    }

    /// The state that the next term shall know of, after a cycle with this resolution; `nil` if Redis has it already.
    func memory(after resolution: StateResolution) -> PortfolioState? {
        guard let remembered = lastKnownGood.remembered else { return nil }
        // A loss is kept as long as it stands.
        guard remembered.equity.isPositive else { return remembered }
        if case .usable(let state) = resolution, state.source == .fresh { return remembered }
        return nil
    }

    private func record(_ resolution: StateResolution, _ observed: Result<PortfolioState, InputFailure>) {
        var isFresh = lastKnownGood.held != nil
        switch resolution {
        case .usable(let state), .withoutEquity(let state): isFresh = isFresh || state.source == .fresh
        case .tooOld, .nothing: break
        }
        switch observed {
        case .success: metrics.record(resolution, missing: false, stale: !isFresh)
        case .failure(.nonFinite): metrics.record(resolution, missing: false, stale: false)
        case .failure: metrics.record(resolution, missing: true, stale: false)
        }
    }

    /// Logs an equity that begins to be held back, and the end of that.
    private func log(_ held: HeldEquity?, after before: HeldEquity?) {
        let believed = lastKnownGood.remembered?.equity.description ?? "none"
        if let held, held.since != before?.since {
            logger.error(
                "the equity has jumped and is held back until more states agree",
                metadata: ["equity": "\(held.newest.equity)", "believed": "\(believed)"])
        } else if held == nil, before != nil {
            logger.warning("no equity is held back any more", metadata: ["equity": "\(believed)"])
        }
    }
}
