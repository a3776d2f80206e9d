import Deployment
import GateAPI
import GateHost
import KillSwitch
import P28Budget
import TradingState

/// The host's own pipeline with the kill switch and gate 0: the real code judges, sizes, claims and sets conditions.
struct Judge {
    private let scenario: Scenario
    private let flaw: Flaw?
    private let pipeline: Pipeline
    /// The pipeline of a deployment whose execution layer does not honour a cap.
    private let withoutCaps: Pipeline

    init(_ scenario: Scenario, _ flaw: Flaw?) {
        self.scenario = scenario
        self.flaw = flaw
        let policy: FailurePolicy = scenario.fallback == .allow ? .allow : .deny
        let gates = [
            ConfiguredGate(
                gate: KillSwitch(settings: KillSwitch.Settings()), name: KillSwitch.name, mode: .enforce,
                onFailure: policy),
            ConfiguredGate(
                gate: P28Budget(settings: P28Budget.Settings()), name: P28Budget.name, mode: .enforce,
                onFailure: policy),
        ]
        pipeline = Pipeline(gates: gates)
        withoutCaps = Pipeline(gates: gates, reduceOnly: .ignored)
    }

    func judge(_ number: Int, _ evidence: Evidence) -> Ruling {
        let order = scenario.orders[number]
        if flaw == .a3, order.kind == .fullCloseSell { return Ruling(answer: .pass, quantity: order.quantity) }
        let ruling = ask(pipeline, order, evidence)
        return flawed(ruling, order, evidence) ?? ruling
    }

    private func ask(_ pipeline: Pipeline, _ order: Order, _ evidence: Evidence) -> Ruling {
        let entry = StreamEntry(id: EntryID(milliseconds: 1, sequence: 0), fields: order.fields(omitting: unread))
        guard let symbol = entry.symbol else { fatalError("the host would not judge \(order)") }
        let inputs = evidence.inputs(for: symbol, scenario.mode)
        return Ruling(pipeline.decide(entry, inputs), symbol, inputs)
    }
}

// MARK: Flaws in the rules

extension Judge {
    /// The fields that a flaw does not read.
    private var unread: Set<String> {
        switch flaw {
        case .b2: ["reduceOnly"]
        case .h1: ["positionSide"]
        default: []
        }
    }

    /// The ruling with the flaw; `nil` where it changes nothing.
    private func flawed(_ ruling: Ruling, _ order: Order, _ evidence: Evidence) -> Ruling? {
        switch flaw {
        case .a6: unledgeredFallback(ruling, order, evidence)
        case .b1: ruling.isAmended ? .block(ruling) : nil
        case .b4: isWithoutRecord(evidence) && ruling.hasFailed && scenario.fallback == .deny ? .block(ruling) : nil
        case .b5: isStale(evidence) && ruling.hasFailed && scenario.fallback == .deny ? .block(ruling) : nil
        case .b7: resized(ruling, order, by: evidence.with { $0.totals = LaneSums() })
        case .oldSize: resized(ruling, order, by: evidence.with { $0.believeOld() })
        case .reliance: relying(ruling, order, evidence)
        case .uncapped: ruling.isAmended || ruling.answer == .block ? nil : ask(withoutCaps, order, evidence)
        case .saturation: ruling.with { $0.bounds = $0.bounds.map { $0.isAtMost ? $0 : $0.countingCapped } }
        case .staleAccount:
            ruling.answer == .pass ? nil : ruling.with { $0.bounds.removeAll { $0.isAtMost } }
        case .unguarded: ruling.answer == .block && ruling.hasFailed ? ruling.with { $0.bounds = [] } : nil
        case .loose:
            ruling.answer == .capped && !order.isCapped && !ruling.isAmended ? ruling.with { $0.bounds = [] } : nil
        default: nil
        }
    }

    private func unledgeredFallback(_ ruling: Ruling, _ order: Order, _ evidence: Evidence) -> Ruling? {
        guard ruling.hasFailed, scenario.fallback == .deny else { return nil }
        let blind = ask(pipeline, order, evidence.with { $0.totals = LaneSums() })
        return blind.answer == ruling.answer ? nil : blind.with { $0.bounds = [] }
    }

    private func isWithoutRecord(_ evidence: Evidence) -> Bool {
        evidence.record == .assumedFlat || evidence.record == .lost
    }

    private func isStale(_ evidence: Evidence) -> Bool {
        if case .stale = evidence.record { true } else { false }
    }

    /// The same with the size of a close that other evidence gives.
    private func resized(_ ruling: Ruling, _ order: Order, by other: Evidence) -> Ruling? {
        guard ruling.answer == .capped else { return nil }
        let sized = ask(pipeline, order, other)
        guard sized.answer == .capped else { return nil }
        return ruling.with {
            $0.quantity = sized.quantity
            $0.shares = sized.shares
        }
    }

    /// Before the first correction the position that an order would close was credit.
    private func relying(_ ruling: Ruling, _ order: Order, _ evidence: Evidence) -> Ruling? {
        guard ruling.answer != .pass, !order.isCapped, case .known(let holding) = evidence.record,
            case .budget(let budget) = evidence.limit
        else { return nil }
        let lane: PositionPool.Lane = order.isBuy ? .buy : .sell
        let limit = Int(budget) + holding.closable(by: order) - order.quantity
        guard holding.closable(by: order) > 0, evidence.totals[lane] <= limit else { return nil }
        let bound = Ruling.Bound(lanes: LaneSums.Mask([lane]), isAtMost: true, limit: limit)
        return Ruling(
            answer: .pass, quantity: order.quantity, shares: LaneSums(order.quantity, in: LaneSums.Mask([lane])),
            bounds: [bound], evidence: ruling.evidence)
    }
}

extension Ruling {
    fileprivate func with(_ change: (inout Ruling) -> Void) -> Ruling {
        var ruling = self
        change(&ruling)
        return ruling
    }

    fileprivate static func block(_ ruling: Ruling) -> Ruling {
        Ruling(answer: .block, bounds: ruling.bounds.filter { !$0.isAtMost }, evidence: ruling.evidence)
    }
}

extension Ruling.Bound {
    fileprivate var countingCapped: Ruling.Bound {
        var lanes = lanes
        for lane in [PositionPool.Lane.cappedBuy, .cappedSell] { lanes.insert(lane.rawValue) }
        return Ruling.Bound(lanes: lanes, isAtMost: isAtMost, limit: limit)
    }
}

extension Evidence {
    fileprivate func with(_ change: (inout Evidence) -> Void) -> Evidence {
        var evidence = self
        change(&evidence)
        return evidence
    }

    fileprivate mutating func believeOld() {
        if case .stale(let holding) = record { record = .known(holding) }
    }
}
