import GateAPI
import TestSupport

/// The fail-opens that a fault explains.
struct Explanation {
    /// `gate:reason` that a plan must have failed open with.
    var required: (Books.Plan) -> Set<String> = { _ in [] }
    /// … and may have.
    var allowed: (Books.Plan) -> Set<String> = { _ in [] }
    /// Whether it must have gone to the dead letters.
    var isBuried: (Books.Plan) -> Bool = { _ in false }

    static var none: Explanation { Explanation() }

    /// Every plan that asked for something fails open with just that.
    static func asked(_ reason: String) -> Explanation {
        Explanation(required: { $0.ask == nil ? [] : ["faulty:\(reason)"] })
    }
}

extension Books.Plan {
    /// As it was published, counted from 0.
    var number: Int { Int(planID.drop { !$0.isNumber }) ?? -1 }
}

/// Books that balance.
struct Audit {
    let books: Books
    /// How many decisions failed open, by `gate:reason`.
    let failedOpen: [String: Int]

    /// `1,000 entries, each decided once; heat:gate_crash 1`
    var text: String {
        let pairs = failedOpen.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value.grouped)" }
        let fails = pairs.isEmpty ? "no fail-open" : pairs.joined(separator: ", ")
        return "\(books.plans.count.grouped) entries, one decision each; \(fails)"
    }
}

extension Stage {
    private static let settling: Duration = .milliseconds(150)

    /// Waits for the last decision, stops the hosts and balances the books.
    ///
    /// - Parameters:
    ///   - hosts: that must stop cleanly when asked to.
    ///   - isJudged: whether every plan's outcome follows from its own size.
    func audit(_ explanation: Explanation = .none, stopping hosts: [HostUnderTest], isJudged: Bool = true) throws
        -> Audit
    {
        try waitForDecisions(published)
        // Time for decisions too many.
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
                unexplained.append(
                    "\(plan.planID)\(plan.ask.map { " (\($0))" } ?? "") has \(found.sorted()) instead of \(required.sorted())"
                )
            }
            if explanation.isBuried(plan) || record.outcome == "dead_letter" {
                if !explanation.isBuried(plan) || record.outcome != "dead_letter" {
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
