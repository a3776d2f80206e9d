import GateHost
import TradingState

/// A commit's arguments, read one entry at a time.
struct Commit {
    let stream: String
    let decisions: String
    let dead: String
    private var arguments: ArraySlice<String>
    /// The number of new fields in each key of reservations, in order of the first change.
    private let growth = Growth()

    /// Entries whose proposed decisions were not applied.
    var lost: [String] = []

    let group: String
    let host: String
    let configurationHash: String
    let now: String
    /// Milliseconds.
    let permitLife: Int64
    let blockLife: Int64
    let outcomeLife: Int64
    let permitPrefix: String
    let blockPrefix: String
    let outcomePrefix: String
    /// The field that holds the id of the newest reservation's entry.
    let newest: String
    /// Milliseconds.
    let reservationLife: Int

    private final class Growth {
        var keys: [(key: String, growth: Int)] = []
    }

    init(stream: String, decisions: String, dead: String, arguments: ArraySlice<String>) {
        self.stream = stream
        self.decisions = decisions
        self.dead = dead
        typealias Header = CommitArguments.Header
        let values = Array(arguments.prefix(Header.count))
        func header(_ argument: Header) -> String { values[argument.rawValue] }
        func milliseconds(_ argument: Header) -> Int64 { 1_000 * (Int64(header(argument)) ?? 0) }
        group = header(.group)
        host = header(.host)
        configurationHash = header(.configurationHash)
        now = header(.now)
        permitLife = milliseconds(.permitLife)
        blockLife = milliseconds(.blockLife)
        outcomeLife = milliseconds(.outcomeLife)
        permitPrefix = header(.permitPrefix)
        blockPrefix = header(.blockPrefix)
        outcomePrefix = header(.outcomePrefix)
        newest = header(.newestReservation)
        reservationLife = Int(header(.shortestReservationLife)) ?? 0
        self.arguments = arguments.dropFirst(Header.count)
    }

    var grown: [(key: String, growth: Int)] { growth.keys }

    func grow(_ key: String, by count: Int) {
        if let index = growth.keys.firstIndex(where: { $0.key == key }) {
            growth.keys[index].growth += count
        } else {
            growth.keys.append((key, count))
        }
    }

    mutating func next() -> Proposal? {
        guard !arguments.isEmpty else { return nil }
        return Proposal(&arguments)
    }
}

/// A host's proposed decision on one entry.
struct Proposal {
    struct Reservation {
        let key: String
        let amount: String
        let expiry: String
        /// The entry of the newest reservation that the gate saw.
        let expected: String
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
    /// `body id kind`; empty for a decision that is neither a permit nor a block.
    let outcome: String
    let answer: String
    /// The fields that the decision record of a permit or block has besides.
    private let facts: [String]
    /// Further names and values.
    let extras: [String]
    let reservations: [Reservation]
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
        reservations = []
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
        var reservations: [Reservation] = []
        var events: [Event] = []
        if size > 0 { for _ in 0..<number() { extras.append(next()) } }
        if arguments.count > end {
            for _ in 0..<number() {
                reservations.append(Reservation(key: next(), amount: next(), expiry: next(), expected: next()))
            }
            while arguments.count > end {
                let stream = next()
                _ = next()
                events.append(Event(stream: stream, values: (0..<number()).map { _ in next() }))
            }
        }
        self.extras = extras
        self.reservations = reservations
        self.events = events
    }
}
