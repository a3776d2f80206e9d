import GateAPI
import GateHost
import TradingState

/// The decision on an order, and the conditions under which it stands.
struct Ruling {
    enum Answer { case pass, capped, block }

    var answer: Answer
    /// What the permit grants.
    var quantity = 0
    /// What the permit takes from the account.
    var shares = LaneSums()
    /// Whether a gate could not judge.
    var hasFailed = false
    /// Whether a gate made the order one that can only reduce.
    var isAmended = false
    var bounds: [Bound] = []
    /// What the host tells the account of the position.
    var evidence = PositionEvidence.nothing
    /// Whether the commit uses the account.
    var usesAccount = true

    /// A condition on the account at the commit.
    struct Bound {
        let lanes: LaneSums.Mask
        let isAtMost: Bool
        let limit: Int

        func holds(for totals: LaneSums) -> Bool {
            isAtMost == (totals.sum(lanes) <= limit)
        }
    }

    /// What a close of unknown size grants: more than any position of the check. The real share is larger still.
    static let everything = 6
}

extension Ruling {
    /// A decision of the host's pipeline, and what its commit does to the account.
    init(_ decision: Decision, _ symbol: Symbol, _ inputs: Inputs) {
        let permit = decision.permit
        answer = permit.map { $0.isCapped ? .capped : .pass } ?? .block
        quantity = permit.map { $0.closeFraction == nil ? $0.quantity.whole : Self.everything } ?? 0
        hasFailed = decision.results.contains { $0.verdict == .abstain || $0.verdict == .failed }
        isAmended = decision.results.contains { $0.effect.amends }
        var ledger = LedgerBatch()
        var decision = decision
        let isClaimed = !decision.claims.isEmpty
        // A claim of nothing: it shows the evidence, and sets no condition.
        decision.claims.append(Claim(taking: .zero, from: PositionPool.self, .buy, symbol))
        ledger.add(decision, inputs)
        let use = ledger.accounts[0]
        evidence = use.evidence
        usesAccount = isClaimed || evidence == .held || evidence == .flat
        for lane in 0..<LaneTotals.capacity where !use.added[lane].isZero {
            shares[lane] = min(use.added[lane].whole, Self.everything)
        }
        bounds = use.bounds.map { bound in
            Bound(
                lanes: LaneSums.Mask(bound.lanes), isAtMost: bound.relation == .atMost,
                limit: min(bound.limit.whole, 1_000))
        }
    }
}

extension LaneSums.Mask {
    init(_ lanes: LaneSet) {
        self.init([])
        for lane in 0..<8 where lanes.contains(lane) { insert(lane) }
    }
}

extension Amount {
    /// All amounts of the check are whole.
    var whole: Int { Int(units / Amount.one.units) }
}
