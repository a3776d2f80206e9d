/// Something that the ledger's users must see to. Without it the budget is not kept, as a search shows.
public enum Assumption: String, CaseIterable, Sendable {
    /// A share outlives the last snapshot that does not show its order and is still believed.
    case shareOutlivesOrder
    /// The margin is no less than what a stamp can be ahead of the reading.
    case marginCoversSkew
    /// An executed share outlives the last snapshot that does not show it and is still believed.
    case executedShareOutlivesSnapshot

    /// A search in a world without it.
    public var search: Search {
        var scenario = Scenario.lives
        switch self {
        case .shareOutlivesOrder: scenario.lives.slack = -1
        case .marginCoversSkew: scenario.lives.margin = 0
        case .executedShareOutlivesSnapshot: scenario.lives.executed = 1
        }
        return Search(scenario, for: [.budget])
    }
}
