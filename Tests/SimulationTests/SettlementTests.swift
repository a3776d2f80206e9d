import GateHost
import Redis
import Testing
import TestSupport

/// Courses of the ledger that chance seldom makes, on a real server and on the model.
@Suite("Model of settlements", .serialized)
struct SettlementTests {
    private let pair: ServerPair
    private let commits: [String]
    private let readings: [String]
    private static let start = 1_795_000_000_000

    init() throws {
        pair = try ServerPair()
        try pair.begin()
        commits = try pair.load(CommitScript.source)
        readings = try pair.load(LedgerScript.read)
        try pair.both("XGROUP", "CREATE", "plans", "governor", "0", "MKSTREAM")
        try pair.setClock(Self.start)
    }

    /// When the bucket of the permits ends.
    private static let end = start + 25_000

    /// Permits plans that take one unit each. Returns the results.
    @discardableResult
    private func permit(_ plans: ClosedRange<Int>, end: Int = end) throws -> [Int] {
        for plan in plans { try pair.both("XADD", "plans", "\(plan)-1", "f", "v") }
        try pair.both("XREADGROUP", "GROUP", "governor", "c", "COUNT", "200", "STREAMS", "plans", ">")
        let label = "a.\(end)"
        let account = [Ledgers.keys[0], "0", "0", "", "1", "0", "1", "0", String(plans.count)]
        let arguments =
            Proposals.head(now: Self.start)
            + Ledgers.header(label, mark: "a.1.", last: "a.0.0", count: 1, readCount: 1, account)
            + plans.flatMap { plan in
                [
                    "\(plan)-1", "permit", "plan-\(plan)", "AAA", "", "all_gates_passed", "[]",
                    "body \(plan)-1 permit given \(label) position:AAA 0 1", "{}", "ENTRY", "BUY", "1", "{}", "1", "5",
                    "7", "0", "1", "1", "0", "1", "0", "0",
                ]
            }
        let replies = try pair.call(commits, ["4", "plans", "decisions", "dead", "commits"] + arguments)
        let results = replies.map { $0.elements.prefix(plans.count).compactMap(\.integer) }
        #expect(results[0] == results[1])
        return results[0]
    }

    private func report(_ plan: Int, _ text: String) throws {
        try pair.both(client: 0, Settlements.report("plan-\(plan)", text))
    }

    /// Reads the account with a snapshot of a time, and returns its first total.
    private func total(snapshot: Int = 0) throws -> String {
        try pair.both("HSET", "snapshot:AAA", "ts", "\(snapshot / 1_000)")
        let arguments = ["0", Ledgers.keys[0], "", String(Ledgers.executedLife), "0", "ts", "snapshot:AAA"]
        let replies = try pair.call(readings, arguments)
        #expect(replies[0].error == nil)
        #expect(Canonical.text(replies[0]) == Canonical.text(replies[1]))
        try pair.compare("accounts")
        return pair.field("t:0", of: Ledgers.keys[0])
    }

    @Test("executions of an account of many buckets count in whole minutes")
    func crowd() throws {
        try permit(1...120)
        for plan in 1...110 {
            try pair.setClock(Self.start + plan * 1_000)
            try report(plan, "T")
        }
        #expect(pair.field("t:0", of: Ledgers.keys[0]) == "120")
        #expect(pair.fields(of: Ledgers.keys[0]).count { $0.hasPrefix("x:") } < 105)
    }

    @Test(
        "a commit that comes when its bucket ends too soon, or too late, gives nothing",
        arguments: [(22_400, 5), (22_600, 1), (39_900, 1), (40_100, 5)])
    func untimely(end: Int, result: Int) throws {
        #expect(try permit(1...2, end: Self.start + end) == [result, result])
        #expect(try total() == (result == 1 ? "2" : ""))
    }

    @Test("a bucket whose grants are all given back goes without an error")
    func empty() throws {
        try permit(1...2)
        for plan in 1...2 { try report(plan, "F") }
        #expect(try total() == "0")
        try pair.setClock(Self.end + 4_000)
        #expect(try total(snapshot: Self.end + 3_000) == "0")
        #expect(!pair.fields(of: Ledgers.keys[0]).contains { $0.hasPrefix("g:") })
    }

    @Test("without a snapshot, what is given goes after the executed life, and the account is held then")
    func old() throws {
        try permit(1...2)
        try pair.setClock(Self.end + Ledgers.executedLife - 1)
        #expect(try total() == "2")
        try pair.setClock(Self.end + Ledgers.executedLife)
        #expect(try total() == "0")
        #expect(pair.field("held", of: Ledgers.keys[0]) == "1")
    }
}
