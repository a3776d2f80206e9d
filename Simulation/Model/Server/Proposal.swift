import TradingState

/// A host's proposed decision on one entry.
struct Proposal {
    struct Claim {
        /// The account's place among those of the commit.
        let account: Int
        let lane: Int
        /// The amount: units of 0.00000001, and whole ones.
        let units: Int64
        let whole: Int64
        let needsFullness: Bool
    }

    struct Event {
        let stream: String
        let values: [String]
    }

    let id: String
    let kind: String
    let plan: String
    let symbol: String
    let gate: String
    let reason: String
    let gates: String
    /// `body id kind`, and a permit's grant; empty for a decision that is neither a permit nor a block.
    let outcome: String
    let answer: String
    /// The fields that the decision record of a permit or block has besides.
    private let facts: [String]
    /// Further names and values.
    let extras: [String]
    let claims: [Claim]
    let events: [Event]

    var details: [String] { facts + extras }

    private static func factNames(_ kind: String) -> [String] {
        switch kind {
        case "permit": permitFacts
        case "block": blockFacts
        default: []
        }
    }

    static let commonFields = DecisionRecord.Field.common.map(\.description)
    static let firstIntentID = DecisionRecord.Field.firstIntentID.description
    private static let permitFacts = DecisionRecord.Field.permit.map(\.description)
    private static let blockFacts = DecisionRecord.Field.block.map(\.description)

    /// Reads the decision record that a transaction writes; `nil` for other commands.
    init?(recordedBy command: [String]) {
        guard command.count > 10, command[0] == "XADD", command[2...3] == ["*", Self.commonFields[0]] else {
            return nil
        }
        let names = stride(from: 3, to: command.count, by: 2).map { command[$0] }
        kind = command[10]
        guard names.starts(with: Self.commonFields + Self.factNames(kind)) else {
            fatalError("the script records other fields than \(names)")
        }
        id = command[4]
        plan = command[6]
        symbol = command[8]
        gate = command[12]
        reason = command[14]
        gates = command[16]
        outcome = ""
        answer = ""
        facts = Array(command[23...])
        extras = []
        claims = []
        events = []
    }

    init(_ arguments: inout ArraySlice<String>) {
        func next() -> String {
            guard let argument = arguments.popFirst() else { fatalError("a commit ends in the middle of an entry") }
            return argument
        }
        func number() -> Int {
            guard let number = Int(next()) else { fatalError("a commit has no number where one belongs") }
            return number
        }
        id = next()
        kind = next()
        plan = next()
        symbol = next()
        gate = next()
        reason = next()
        gates = next()
        let isAnswer = kind == "permit" || kind == "block"
        outcome = isAnswer ? next() : ""
        answer = isAnswer ? next() : ""
        facts = Self.factNames(kind).flatMap { [$0, next()] }
        let size = number()
        let end = arguments.count - size
        var extras: [String] = []
        var claims: [Claim] = []
        var events: [Event] = []
        if size > 0 { for _ in 0..<number() { extras.append(next()) } }
        if arguments.count > end {
            for _ in 0..<number() {
                let (account, lane, units, whole) = (number() - 1, number(), Int64(number()), Int64(number()))
                claims.append(
                    Claim(account: account, lane: lane, units: units, whole: whole, needsFullness: next() == "1"))
            }
            while arguments.count > end {
                let stream = next()
                _ = next()
                events.append(Event(stream: stream, values: (0..<number()).map { _ in next() }))
            }
        }
        self.extras = extras
        self.claims = claims
        self.events = events
    }
}
