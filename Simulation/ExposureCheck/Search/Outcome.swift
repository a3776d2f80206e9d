/// What a search saw.
public struct Outcome: Sendable {
    /// Distinct states.
    public let states: Int
    /// Every course of so many events was followed.
    public let depth: Int
    /// Whether no event leads to a new state any more: then every course of any length was followed.
    public var isClosed = false
    /// Events that were followed.
    public let transitions: Int
    /// Different judgements that were asked of the rules.
    public let rulings: Int
    public var violation: Violation?
}

public struct Violation: Sendable {
    public let property: Property
    public let what: String
    /// The events that lead to it, one a line.
    public let course: [String]
}
