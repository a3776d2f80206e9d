/// Where a planted flaw shows: a scenario, the property that it breaks, and in how many events.
public struct Witness: Sendable {
    public let scenario: Scenario
    public let property: Property
    public let depth: Int

    init(_ scenario: Scenario, _ property: Property, _ depth: Int) {
        self.scenario = scenario
        self.property = property
        self.depth = depth
    }
}

extension Flaw {
    public var witness: Witness {
        switch self {
        case .a1: Witness(.lives, .budget, 4)
        case .a2: Witness(.closes, .closes, 12)
        case .a3: Witness(.closes, .budget, 1)
        case .a4: Witness(.lives, .budget, 5)
        case .a5: Witness(.lives, .budget, 8)
        case .a6: Witness(.failClosed, .closes, 5)
        case .a9: Witness(.failOpen, .budget, 4)
        case .a10: Witness(.garbled, .budget, 3)
        case .a11: Witness(.lags, .budget, 2)
        case .b1: Witness(.closes, .closes, 1)
        case .b2: Witness(.killed, .closes, 2)
        case .b4: Witness(.failClosed, .closes, 2)
        case .b5: Witness(.failClosed, .closes, 3)
        case .b7: Witness(.garbled, .closes, 4)
        case .d5: Witness(.closes, .opens, 3)
        case .h1: Witness(.hedge, .budget, 1)
        case .g1: Witness(.lives, .sums, 1)
        case .p1: Witness(.lags, .budget, 2)
        case .reliance: Witness(.closes, .budget, 2)
        case .uncapped: Witness(.closes, .budget, 2)
        case .forgetting: Witness(.lives, .budget, 9)
        case .unnoted: Witness(.lives, .budget, 8)
        case .outdated: Witness(.lives, .budget, 14)
        case .clamped: Witness(.lives, .budget, 10)
        case .ended: Witness(.lives, .budget, 3)
        case .overlooking: Witness(.lags, .budget, 9)
        case .staleFlat: Witness(.lives, .budget, 12)
        case .oldSize: Witness(.garbled, .closes, 6)
        case .saturation: Witness(.failOpen, .opens, 4)
        case .staleAccount: Witness(.oneWay, .closes, 4)
        case .unguarded: Witness(.failClosed, .closes, 5)
        case .loose: Witness(.failOpen, .opens, 2)
        case .hearsay: Witness(.batches, .budget, 3)
        case .endless: Witness(.lives, .returns, 1)
        }
    }

    /// The search that finds the flaw, and goes no further than it must.
    public var search: Search { Search(witness.scenario, planting: self, for: [witness.property]) }

    /// Whether the flaw is one of the table in issue 13. The others were found by this check, or test it.
    public var isOfIssue: Bool {
        switch self {
        case .reliance, .uncapped, .saturation, .staleAccount, .forgetting, .unnoted, .outdated, .clamped, .ended,
            .overlooking, .staleFlat,
            .oldSize, .unguarded, .loose, .hearsay, .endless:
            false
        default: true
        }
    }
}
