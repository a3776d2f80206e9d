package import GateAPI
package import TradingState

/// Holds back an equity that jumps until enough states or a second source agree with it. Pure.
package struct EquityPlausibility: Sendable, Equatable {
    /// An announced deposit or withdrawal is expected to arrive within this time.
    static let flowLifetime: Duration = .seconds(3_600)

    /// The largest change from one state to the next that is believed at once, as a ratio; zero: any.
    package let limit: Amount
    /// A jump is believed once this many states in a row agree with it.
    package let samples: Int
    /// The jump that is held back.
    package private(set) var held: HeldEquity?
    /// The announced flows that the believed equity contains.
    private var settledFlows: Amount?

    package init(limit: Amount, samples: Int) {
        self.limit = limit
        self.samples = samples
    }

    /// Whether an equity is believed after another one, which is `nil` if there is none to compare with.
    mutating func believes(
        _ observed: PortfolioState, after believed: PortfolioState?, _ evidence: EquityEvidence, now: Timestamp
    ) -> Bool {
        let flows = pendingFlows(evidence.flows, now: now)
        guard let believed, limit.isPositive else { return settle(evidence.flows) }
        if let flows, let expected = try? believed.equity + flows, isClose(observed.equity, to: expected),
            isNearer(expected, than: believed.equity, to: observed.equity)
        {
            return settle(evidence.flows)
        }
        if isClose(observed.equity, to: believed.equity) || isConfirmed(observed, evidence.second) {
            held = nil
            return true
        }
        return hold(observed, now: now) ? false : settle(evidence.flows)
    }

    /// Forgets the jump that is held back.
    mutating func forget() {
        held = nil
    }

    func isClose(_ equity: Amount, to reference: Amount) -> Bool {
        limit.isZero || !EquityJump.lies(between: reference, and: equity, beyond: limit)
    }

    private mutating func settle(_ flows: EquityFlows?) -> Bool {
        held = nil
        settledFlows = flows?.total ?? .zero
        return true
    }

    /// The announced flows that the believed equity does not contain yet; `nil` if there are none.
    private mutating func pendingFlows(_ flows: EquityFlows?, now: Timestamp) -> Amount? {
        guard let flows, let settledFlows, now.since(flows.announcedAt) < Self.flowLifetime,
            let pending = try? flows.total - settledFlows, !pending.isZero
        else {
            settledFlows = flows?.total ?? .zero
            return nil
        }
        return pending
    }

    private func isNearer(_ expected: Amount, than believed: Amount, to observed: Amount) -> Bool {
        guard let far = try? (observed - believed).magnitude else { return true }
        return (try? (observed - expected).magnitude < far) ?? false
    }

    private func isConfirmed(_ observed: PortfolioState, _ second: PortfolioState?) -> Bool {
        guard let second, second.equity.isPositive else { return false }
        return isClose(observed.equity, to: second.equity)
    }

    /// Holds the equity back, or returns false once enough states agree.
    private mutating func hold(_ observed: PortfolioState, now: Timestamp) -> Bool {
        var next = HeldEquity(newest: observed, samples: 1, since: now)
        if let held, isClose(observed.equity, to: held.newest.equity) {
            // The same state, read again, agrees with nothing.
            guard observed.takenAt > held.newest.takenAt else { return true }
            next.samples = held.samples + 1
            next.since = held.since
        }
        guard next.samples < samples else { return false }
        held = next
        return true
    }
}

/// An equity that is not believed yet.
package struct HeldEquity: Sendable, Equatable {
    package var newest: PortfolioState
    /// States in a row that agree.
    package var samples: Int
    package var since: Timestamp
}

/// What else speaks for an equity.
package struct EquityEvidence: Sendable, Equatable {
    package var flows: EquityFlows?
    /// The state of a second source, if it is fresh.
    package var second: PortfolioState?

    package init(flows: EquityFlows? = nil, second: PortfolioState? = nil) {
        self.flows = flows
        self.second = second
    }
}
