import GateHost
import TradingState

/// A commit's arguments, read one entry at a time.
struct Commit {
    let stream: String
    let decisions: String
    let dead: String
    private var arguments: ArraySlice<String>
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
    let ledger: LedgerRequest

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
        self.arguments = arguments.dropFirst(Header.count)
        ledger = LedgerRequest(&self.arguments)
    }

    mutating func next() -> Proposal? {
        guard !arguments.isEmpty else { return nil }
        return Proposal(&arguments)
    }
}
