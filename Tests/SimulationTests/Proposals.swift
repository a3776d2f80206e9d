import TestSupport

/// Random batches, as arguments of the commit script.
struct Proposals {
    private var published: [String] = []

    mutating func publish(_ batch: Int) -> String {
        let id = "\(batch + 1)-\(published.count)"
        published.append(id)
        return id
    }

    /// Proposes decisions for the newest entries, and for some earlier ones again. `newest` holds the last entry that
    /// reserved, by key.
    func batch(_ number: Int, newest: [(key: String, id: String)], _ random: inout SeededGenerator) -> [String] {
        let now = 1_795_000_000_000 + number * 1_000
        var newest = newest
        return Self.head(now: now)
            + published.suffix(8).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.flatMap {
                entry($0, now, &newest, &random)
            }
    }

    static func head(now: Int) -> [String] {
        [
            "governor", "host", "hash", String(now), "1000", "1000", "60", "3600", "86400", "permit:", "block:",
            "outcome:", "last", "120000",
        ]
    }

    static func permit(_ id: String, reserving key: String, after expected: String) -> [String] {
        [
            "\(id)", "permit", "plan-\(id)", "AAA", "", "all_gates_passed", "[]", "body \(id) permit", "{}", "ENTRY",
            "BUY", "1", "{}", "1", "5",
        ]
            + ["6", "0", "1", key, "1", "1795000060000", expected]
    }

    private func entry(
        _ id: String, _ now: Int, _ newest: inout [(key: String, id: String)], _ random: inout SeededGenerator
    ) -> [String] {
        let plan = "plan-\(Int.random(in: 0..<200, using: &random))"
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return [id, "skip", plan, "AAA", "", "decision_not_execute", "[]", "0"]
        case 1: return [id, "dead_letter", "", "", "", "missing_plan_id", "[]", "5", "4", "a", "1", "b", "2"]
        case 2: return [id, "trimmed", "", "", "", "entry_trimmed", "[]", "0"]
        case 3...5:
            return [id, "block", plan, "AAA", "gate", "over"] + answer(id, plan, "block", &random)
                + rest(id, now, 1, &newest, &random)
        default:
            return [id, "permit", plan, "AAA", "", "all_gates_passed"] + answer(id, plan, "permit", &random) + [
                "0.5", "5",
            ]
                + rest(id, now, 2, &newest, &random)
        }
    }

    /// The arguments between the gates and the plan.
    private func answer(_ id: String, _ plan: String, _ kind: String, _ random: inout SeededGenerator) -> [String] {
        [
            "[{}]", "body\(Int.random(in: 0..<2, using: &random)) \(id) \(kind)", "{\"answer\":\"\(id)\"}", "ENTRY",
            "BUY", "0.5", "{\"plan_id\":\"\(plan)\"}",
        ]
    }

    private func rest(
        _ id: String, _ now: Int, _ most: Int, _ newest: inout [(key: String, id: String)],
        _ random: inout SeededGenerator
    ) -> [String] {
        guard Int.random(in: 0..<6, using: &random) > 0 else { return ["0"] }
        let extras = Bool.random(using: &random) ? ["would_block", "gate:over"] : []
        var effects: [String] = []
        if Int.random(in: 0..<5, using: &random) > 0 {
            let count = Int.random(in: 0...most, using: &random)
            effects.append(String(count))
            for index in newest.indices.prefix(count) {
                let isRight = Int.random(in: 0..<8, using: &random) > 0
                let expiry = now + Int.random(in: -5_000...60_000, using: &random)
                effects += [newest[index].key, "1.5", String(expiry), isRight ? newest[index].id : "9-9"]
                // Later plans of the batch see this reservation. If the script does not make it, the script must refuse
                // those plans.
                newest[index].id = id
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                effects += ["events", "100", "2", "json", "{\"id\":\"\(id)\"}"]
            }
        }
        return [String(1 + extras.count + effects.count), String(extras.count)] + extras + effects
    }
}
