import GateAPI
import TestSupport

/// The fail-opens and dead letters that a fault explains.
struct Explanation {
    /// The `gate:reason` pairs with which a plan must have failed open.
    var required: (Books.Plan) -> Set<String> = { _ in [] }
    /// The `gate:reason` pairs with which a plan may have failed open besides.
    var allowed: (Books.Plan) -> Set<String> = { _ in [] }
    /// Whether the plan must have become a dead letter.
    var isDeadLetter: (Books.Plan) -> Bool = { _ in false }

    static var none: Explanation { Explanation() }

    /// Every plan that asked the faulty gate for something fails open with this reason, and no other plan does.
    static func asked(_ reason: String) -> Explanation {
        Explanation(required: { $0.ask == nil ? [] : ["faulty:\(reason)"] })
    }
}

extension Books.Plan {
    /// The plan's number in order of publication, from 0.
    var number: Int { Int(planID.drop { !$0.isNumber }) ?? -1 }
}

/// The audited books of a stage, without inconsistencies.
struct Audit {
    let books: Books
    /// The number of decisions that failed open, by `gate:reason`.
    let failedOpen: [String: Int]

    /// Such as `1,000 entries, one decision each; heat:gate_crash × 1`.
    var text: String {
        let pairs = failedOpen.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value.grouped)" }
        let fails = pairs.isEmpty ? "no fail-open" : pairs.joined(separator: ", ")
        return "\(books.plans.count.grouped) entries, one decision each; \(fails)"
    }
}

extension Stage {
    private static let settling: Duration = .milliseconds(150)

    /// Waits for the last decision, stops the hosts, and checks every decision, permit and block.
    ///
    /// - Parameters:
    ///   - hosts: the hosts to stop; each must stop cleanly.
    ///   - isJudged: whether every plan's outcome follows from its own size.
    func audit(_ explanation: Explanation = .none, stopping hosts: [HostUnderTest], isJudged: Bool = true) throws
        -> Audit
    {
        try waitForDecisions(published)
        // A decision too many would come now.
        rest(Self.settling)
        for host in hosts { try host.stop() }
        let books = try Books(connection)
        var problems = books.problems
        if books.plans.count != published {
            problems.append("\(published) plans published, \(books.plans.count) in the stream")
        }
        let failedOpen = check(books, explanation, isJudged, &problems)
        try expect(problems.isEmpty, problems.joined(separator: "; "))
        return Audit(books: books, failedOpen: failedOpen)
    }

    private func check(_ books: Books, _ explanation: Explanation, _ isJudged: Bool, _ problems: inout [String])
        -> [String: Int]
    {
        var failedOpen: [String: Int] = [:]
        var unexplained: [String] = []
        var misjudged: [String] = []
        let records = Dictionary(books.records.map { ($0.intentID, $0) }) { first, _ in first }
        for plan in books.plans {
            guard let record = records[plan.id] else { continue }
            let found = Set(record.failedOpen)
            for pair in found { failedOpen[pair, default: 0] += 1 }
            let required = explanation.required(plan)
            let extra = found.subtracting(required).subtracting(explanation.allowed(plan))
            if !extra.isEmpty || !required.isSubset(of: found) {
                let asked = plan.ask.map { " (\($0))" } ?? ""
                unexplained.append("\(plan.planID)\(asked) has \(found.sorted()) instead of \(required.sorted())")
            }
            if explanation.isDeadLetter(plan) || record.outcome == "dead_letter" {
                if !explanation.isDeadLetter(plan) || record.outcome != "dead_letter" {
                    misjudged.append("\(plan.planID): \(record.outcome), \(record.reason)")
                }
                continue
            }
            guard isJudged, !found.contains(where: { $0.hasPrefix("p28-budget:") }) else { continue }
            if record.outcome != (plan.notional > Self.budget ? "block" : "permit") {
                misjudged.append("\(plan.planID): \(record.outcome), \(record.reason)")
            }
        }
        for (list, what) in [(unexplained, "unexplained fail-opens"), (misjudged, "wrong outcomes")] where !list.isEmpty
        {
            problems.append("\(list.count) \(what): \(list.prefix(3).joined(separator: ", "))")
        }
        return failedOpen
    }
}
