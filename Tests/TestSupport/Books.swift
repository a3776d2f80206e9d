package import GateAPI
package import Redis
import TradingState

/// The published plans, their decisions, and the invariants after any fault: every entry has exactly one decision,
/// every plan at most one permit, and nothing is left pending.
package struct Books {
    package struct Plan {
        /// The stream entry's id.
        package let id: String
        package let planID: String
        package let symbol: String
        /// The fault that the plan asks of the faulty gate.
        package let ask: String?
        package let notional: Amount
    }

    package struct Record {
        package let intentID: String
        package let planID: String
        package let symbol: String
        package let outcome: String
        package let reason: String
        /// `gate:reason`
        package let failedOpen: [String]
        /// The number of gates that failed or abstained.
        package let unjudged: Int
        /// The permit's notional.
        package let notional: Amount

        fileprivate init(_ record: DecisionRecord) {
            intentID = record.intentID
            planID = record.planID
            symbol = record.symbol
            outcome = record.outcome
            reason = record.reason
            failedOpen = record.failedOpen
            unjudged =
                record.gates.ranges(of: #""verdict":"failed""#).count
                + record.gates.ranges(of: #""verdict":"abstain""#).count
            notional = record.computedNotional ?? .zero
        }
    }

    package let plans: [Plan]
    package let records: [Record]
    package let permits: Set<String>
    package let blocks: Set<String>
    package let pending: Int

    private static let page = 5_000
    private static let permitPrefix = "quantum:permit:"
    private static let blockPrefix = "quantum:governor:block:"

    /// - Parameter earlier: plans that were deleted from the stream.
    package init(
        _ connection: RedisConnection, stream: String = "quantum:stream:apply.plan", group: String = "governor",
        earlier: [Plan] = []
    ) throws {
        plans = try earlier + Self.plans(stream, connection)
        records = try Self.read("quantum:stream:governor.decision", connection) { _, fields in
            Record(DecisionRecord(fields))
        }
        permits = try Self.keys(Self.permitPrefix, connection)
        blocks = try Self.keys(Self.blockPrefix, connection)
        pending = try connection.command("XPENDING", stream, group).element(0)?.integer ?? 0
    }

    package func count(_ outcome: String) -> Int { records.count { $0.outcome == outcome } }

    /// A sentence for each kind of inconsistency; empty if there is none.
    package var problems: [String] {
        var problems: [String] = []
        func expect(_ holds: Bool, _ problem: @autoclosure () -> String) { if !holds { problems.append(problem()) } }
        let decided = Dictionary(grouping: records, by: \.intentID)
        let published = Set(plans.map(\.id))
        list(plans.filter { decided[$0.id] == nil }.map(\.planID), "not decided", &problems)
        list(
            decided.filter { $0.value.count > 1 }.map {
                "\($0.key) (\($0.value.map(\.outcome).joined(separator: ", ")))"
            }, "decided twice", &problems)
        list(decided.keys.filter { !published.contains($0) }, "decided, but not in the stream", &problems)
        let permitted = Dictionary(grouping: records.filter { $0.outcome == "permit" }, by: \.planID)
        let blocked = Set(records.filter { $0.outcome == "block" }.map(\.planID))
        list(permitted.filter { $0.value.count > 1 }.map(\.key), "permitted twice", &problems)
        list(
            Set(permitted.keys).symmetricDifference(permits), "a permit without its record, or the other way around",
            &problems)
        list(blocked.symmetricDifference(blocks), "a block without its record, or the other way around", &problems)
        list(
            records.filter { $0.failedOpen.count != $0.unjudged }.map(\.planID),
            "a gate could not judge, and the record does not say so", &problems)
        expect(pending == 0, "\(pending) entries left pending")
        return problems
    }

    private func list(_ names: some Collection<String>, _ problem: String, _ problems: inout [String]) {
        guard !names.isEmpty else { return }
        let shown = names.sorted().prefix(3).joined(separator: ", ")
        problems.append("\(names.count) \(problem): \(shown)\(names.count > 3 ? ", …" : "")")
    }
}

extension Books {
    package static func plans(_ stream: String, _ connection: RedisConnection) throws -> [Plan] {
        try read(stream, connection) { id, fields in
            let notional = try? Amount(fields["qty"] ?? "0").multiplied(
                by: Amount(fields["entry_price"] ?? "0"), rounding: .awayFromZero)
            return Plan(
                id: id, planID: fields["plan_id"] ?? "", symbol: fields["symbol"] ?? "", ask: fields["ask-faulty"],
                notional: notional ?? .zero)
        }
    }

    private static func read<Item>(
        _ stream: String, _ connection: RedisConnection, _ make: (String, [String: String]) -> Item
    ) throws -> [Item] {
        var items: [Item] = []
        var start = "-"
        while true {
            let entries = try connection.command("XRANGE", stream, start, "+", "COUNT", "\(page)")
            var last: String?
            for entry in entries.elements {
                guard let id = entry.element(0)?.text else { continue }
                items.append(make(id, entry.element(1).map(RedisFixture.dictionary) ?? [:]))
                last = id
            }
            guard let last, entries.count == page else { return items }
            start = "(\(last)"
        }
    }

    /// The rest of each key's name behind the prefix.
    private static func keys(_ prefix: String, _ connection: RedisConnection) throws -> Set<String> {
        var names: Set<String> = []
        var cursor = "0"
        repeat {
            let reply = try connection.command("SCAN", cursor, "MATCH", "\(prefix)*", "COUNT", "\(page)")
            cursor = reply.element(0)?.text ?? "0"
            guard let found = reply.element(1) else { break }
            for key in found.elements { if let name = key.text { names.insert(String(name.dropFirst(prefix.count))) } }
        } while cursor != "0"
        return names
    }
}
