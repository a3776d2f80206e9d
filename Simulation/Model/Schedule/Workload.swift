import GateAPI
import GateHost

/// The events besides hosts and faults: plans are published, permits consumed and reported, limits and snapshots
/// change, entries are deleted.
struct Workload {
    enum Item {
        case publish(Audit.Kind, [String])
        /// Writes a limit with a lifetime in milliseconds, or deletes it if the limit is `nil`.
        case limit(symbol: Int, Int?, lifetime: Int64?)
        /// Writes a snapshot, stamped some milliseconds from now.
        case snapshot(symbol: Int, ahead: Int64)
        /// Milliseconds pass.
        case elapse(Int64)
        /// The execution layer reports a plan.
        case report(SimulatedReport)
        /// A switch takes live permits back.
        case revoke
        /// Another Governor writes a plan's permit with a lifetime in milliseconds.
        case permit(plan: String, lifetime: Int64)
        /// The execution layer consumes a plan's permit.
        case consume(plan: String)
        /// Deletes an undecided entry from the stream.
        case delete
    }

    static let symbols = ["AAAUSDT", "BBBUSDT"]
    /// The weight of the next item beside other events, which have about 10.
    let weight: Int
    private(set) var items: ArraySlice<Item> = []

    init(_ random: inout Randomness) {
        weight = random.number(1...5)
        for symbol in Self.symbols.indices where !random.once(in: 6) {
            items.append(.limit(symbol: symbol, random.number(2...8), lifetime: nil))
        }
        let count = random.number(4...30)
        let reuses = random.number(2...8)
        let deletes = random.once(in: 4)
        let permits = random.once(in: 3)
        let changesOften = random.once(in: 4)
        let showsOften = random.once(in: 3)
        let last = showsOften ? 0 : 1
        // The number of plans in ten that take nothing.
        let free = random.once(in: 4) ? random.number(3...10) : 0
        let reports = random.number(0...4)
        for symbol in Self.symbols.indices where !random.once(in: 3) {
            items.append(.snapshot(symbol: symbol, ahead: 0))
        }
        var plans: [(plan: String, body: Int, symbol: Int)] = []
        for index in 0..<count {
            switch random.number(0...19) {
            case 0: items.append(.publish(.skip, Self.skip("plan-\(index)")))
            case 1: items.append(.publish(.garbage, ["nonsense", "\(index)"]))
            case 2, 3: items.append(Self.change(&random))
            case 4:
                items.append(.snapshot(symbol: random.number(0...last), ahead: Int64(random.number(-2_000...1_900))))
            case 5 where deletes: items.append(.delete)
            case 6, 7: if let plan = random.element(plans)?.plan { items.append(.consume(plan: plan)) }
            case 8 where permits:
                items.append(.permit(plan: "plan-\(index)", lifetime: Int64(random.number(20...2_000))))
            case 9...14 where changesOften: items.append(Self.change(&random))
            case 9...16 where showsOften:
                items.append(.report(SimulatedReport(&random, isExecuted: true)))
                items.append(.elapse(Int64(random.number(200...1_200))))
                items.append(.snapshot(symbol: random.number(0...last), ahead: Int64(random.number(0...1_900))))
            default: break
            }
            for _ in 0..<reports where random.once(in: 3) { items.append(.report(SimulatedReport(&random))) }
            if random.once(in: 60) { items.append(.revoke) }
            var plan = (plan: "plan-\(index)", body: 0, symbol: random.number(0...last))
            if random.once(in: reuses), let earlier = random.element(plans) {
                plan = earlier
                if random.once(in: 3) { plan.body = random.number(0...2) }
            }
            plans.append(plan)
            let asked = Self.asked(plan.plan, free)
            let kind = Audit.Kind.execute(
                plan: plan.plan, body: plan.body, symbol: plan.symbol, quantity: Self.quantity(plan.plan),
                claims: asked == nil)
            items.append(.publish(kind, Self.plan(plan, asking: asked, index, &random)))
        }
    }

    var isEmpty: Bool { items.isEmpty }

    mutating func next() -> Item? { items.popFirst() }

    private static func change(_ random: inout Randomness) -> Item {
        let limit = random.once(in: 5) ? nil : random.number(1...9)
        return .limit(
            symbol: random.number(0...1), limit, lifetime: random.once(in: 3) ? Int64(random.number(50...3_000)) : nil)
    }

    /// Timestamp and order of fields differ in each publication, and must not change the body's hash.
    private static func plan(
        _ plan: (plan: String, body: Int, symbol: Int), asking asked: String?, _ index: Int, _ random: inout Randomness
    ) -> [String] {
        var pairs = [
            ("plan_id", plan.plan), ("decision", "EXECUTE"), ("symbol", symbols[plan.symbol]), ("side", "BUY"),
            ("action", "ENTRY_PROPOSED"),
            ("qty", String(quantity(plan.plan))), ("price", "10"), ("body", String(plan.body)),
            ("timestamp", String(index)),
        ]
        if let asked { pairs.append(("ask", asked)) }
        if random.once(in: 4) { pairs.reverse() }
        return pairs.flatMap { [$0.0, $0.1] }
    }

    /// The value of the plan's field `ask`; `nil` for an ordinary plan.
    private static func asked(_ plan: String, _ free: Int) -> String? {
        let choice = StableChoice.of(plan)
        if choice % 10 == 0 { return "block" }
        return choice / 10 % 10 < free ? "no share" : nil
    }

    private static func quantity(_ plan: String) -> Int { 1 + StableChoice.of(plan) % 3 }

    private static func skip(_ plan: String) -> [String] {
        ["plan_id", plan, "decision", "HOLD", "symbol", symbols[0]]
    }
}

/// A hash that gives a plan id the same choice in each publication.
private enum StableChoice {
    static func of(_ text: String) -> Int { text.utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_009 } }
}
