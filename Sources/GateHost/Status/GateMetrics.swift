import Deployment
import GateAPI
import Telemetry

/// The instruments of one gate's results. All series exist from the start, at 0: otherwise a rate would not see the first
/// event.
struct GateMetrics: Sendable {
    /// By ``GateEffect/index``.
    private let effects: [Counter]
    private let failures: [Failure: Counter]
    private let duration: Histogram
    private let unverifiedPrices: Counter
    private let collaredPrices: Counter

    private struct Failure: Hashable {
        let reason: String
        let effect: GateEffect
    }

    init(_ registry: MetricRegistry, _ slot: GateSlot) throws(MetricError) {
        effects = try Self.effects(of: slot.label, registry)
        var failures: [Failure: Counter] = [:]
        for reason in AbstainReason.allCases.map(\.rawValue) + GateFailure.allCases.map(\.rawValue) {
            for effect in GateEffect.failures {
                failures[Failure(reason: reason, effect: effect)] = try registry.counter(
                    "gatehost_gate_failures_total", help: "Intents that a gate could not judge, by reason and effect.",
                    labels: [("gate", slot.name), ("reason", reason), ("effect", effect.rawValue)])
            }
        }
        self.failures = failures
        duration = try registry.histogram(
            "gatehost_gate_duration_seconds", help: "Time that a gate takes for one intent.",
            labels: [("gate", slot.name)],
            buckets: [0.000_001, 0.000_005, 0.000_025, 0.000_1, 0.000_5, 0.002_5, 0.01])
        func doubtful(_ price: String) throws(MetricError) -> Counter {
            try registry.counter(
                "gatehost_doubtful_prices_total",
                help: "Plans' prices that no mark price confirms, or that lie outside the collar around it.",
                labels: [("gate", slot.name), ("price", price)])
        }
        unverifiedPrices = try doubtful("unverified")
        collaredPrices = try doubtful("collared")
    }

    /// The counters of a gate's effects, by ``GateEffect/index``.
    static func effects(of label: GateLabel, _ registry: MetricRegistry) throws(MetricError) -> [Counter] {
        var effects: [Counter] = []
        for effect in GateEffect.allCases.sorted(by: { $0.index < $1.index }) {
            effects.append(
                try registry.counter(
                    "gatehost_gate_effects_total", help: "Effects of each gate's verdicts.",
                    labels: [("gate", label.name), ("mode", label.mode.rawValue), ("effect", effect.rawValue)]))
        }
        return effects
    }

    func record(_ result: GateResult) {
        effects[result.effect.index].increment()
        if result.verdict == .abstain || result.verdict == .failed {
            failures[Failure(reason: result.reason, effect: result.effect)]?.increment()
        }
        if result.evidence.notes.contains(.unverifiedPrice) { unverifiedPrices.increment() }
        if result.evidence.notes.contains(.collaredPrice) { collaredPrices.increment() }
        duration.observe(Double(result.nanoseconds) * 1e-9)
    }

    var total: Int { effects.reduce(0) { $0 + $1.value } }
    var unjudged: Int { GateEffect.failures.reduce(0) { $0 + effects[$1.index].value } }
}

extension GateEffect {
    /// The effects of a gate that could not judge.
    fileprivate static let failures: [GateEffect] = [
        .failedOpen, .failedClosed, .wouldFailClosed, .failedCapped, .wouldFailCapped,
    ]

    var index: Int {
        switch self {
        case .none: 0
        case .blocked: 1
        case .wouldBlock: 2
        case .amended: 3
        case .wouldAmend: 4
        case .failedOpen: 5
        case .failedClosed: 6
        case .wouldFailClosed: 7
        case .failedCapped: 8
        case .wouldFailCapped: 9
        }
    }
}
