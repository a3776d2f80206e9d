import TestSupport

/// Random batches, as arguments of the commit script.
struct Proposals {
    private var published: [String] = []

    mutating func publish(_ batch: Int) -> String {
        let id = "\(batch + 1)-\(published.count)"
        published.append(id)
        return id
    }

    /// Proposes decisions for the newest entries, and for some earlier ones again.
    func batch(clock: Int, _ random: inout SeededGenerator) -> [String] {
        var ledgers = Ledgers(clock: clock, session: Int.random(in: 0...1, using: &random))
        let entries = published.suffix(8).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.flatMap {
            entry($0, &ledgers, &random)
        }
        guard Int.random(in: 0..<9, using: &random) > 0 else {
            let mark = ledgers.mark(&random)
            return Self.head(now: clock)
                + Ledgers.header(ledgers.label, mark: mark, last: mark + "1", count: 0, readCount: 0, [])
        }
        return Self.head(now: clock) + ledgers.arguments(&random) + entries
    }

    static func head(now: Int) -> [String] {
        [
            "governor", "host", "hash", String(now), "1000", "1000", "60", "3600", "86400", "permit:", "block:",
            "outcome:",
        ]
    }

    private func entry(_ id: String, _ ledgers: inout Ledgers, _ random: inout SeededGenerator) -> [String] {
        let plan = "plan-\(Int.random(in: 0..<200, using: &random))"
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return [id, "skip", plan, "AAA", "", "decision_not_execute", "[]", "0"]
        case 1: return [id, "dead_letter", "", "", "", "missing_plan_id", "[]", "5", "4", "a", "1", "b", "2"]
        case 2: return [id, "trimmed", "", "", "", "entry_trimmed", "[]", "0"]
        case 3...5:
            let claims = ledgers.claims(isPermit: false, &random)
            return [id, "block", plan, "AAA", "gate", "over"] + answer(id, plan, "block", &random)
                + rest(id, claims, &random)
        default:
            let claims = ledgers.claims(isPermit: true, &random)
            return [id, "permit", plan, "AAA", "", "all_gates_passed"]
                + answer(id, plan, "permit" + ledgers.grant(claims), &random) + ["0.5", "5"]
                + rest(id, claims, &random)
        }
    }

    /// The arguments between the gates and the plan.
    private func answer(_ id: String, _ plan: String, _ kind: String, _ random: inout SeededGenerator) -> [String] {
        [
            "[{}]", "body\(Int.random(in: 0..<2, using: &random)) \(id) \(kind)", "{\"answer\":\"\(id)\"}", "ENTRY",
            "BUY", "0.5", "{\"plan_id\":\"\(plan)\"}",
        ]
    }

    private func rest(_ id: String, _ claims: [Ledgers.Claim], _ random: inout SeededGenerator) -> [String] {
        let extras = Bool.random(using: &random) ? ["would_block", "gate:over"] : []
        var effects: [String] = []
        if !claims.isEmpty || Int.random(in: 0..<5, using: &random) == 0 {
            effects = [String(claims.count)] + claims.flatMap(\.arguments)
            if Int.random(in: 0..<4, using: &random) == 0 {
                effects += ["events", "100", "2", "json", "{\"id\":\"\(id)\"}"]
            }
        }
        guard !extras.isEmpty || !effects.isEmpty else { return ["0"] }
        return [String(1 + extras.count + effects.count), String(extras.count)] + extras + effects
    }
}
