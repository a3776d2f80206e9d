package import GateAPI
package import Redis
import TradingState

/// The service as Redis shows it, whether or not an instance runs.
package struct RiskStatus: Sendable {
    package let now: Timestamp
    /// `nil` if Redis has none: `P28_MODE` of the next instance applies.
    package let mode: ModeRecord?
    package let lease: Lease?
    package let state: State?
    package let budgets: [Budget]
    package let cycle: Cycle?

    package struct Lease: Sendable {
        /// Empty if it was released.
        package let holder: String
        package let epoch: Int
        /// Negative if it has ended.
        package let left: Duration
        package let cycleAge: Duration?
    }

    package struct State: Sendable {
        package let equity: Amount
        package let source: String
        package let age: Duration
    }

    /// What the last cycle found.
    package struct Cycle: Sendable {
        /// `fresh`, `lkg`, or why there is no equity.
        package let state: String
        package let symbols: Int
        /// The equity that is held back, in USD; `nil` if none is.
        package let heldEquity: String?
        /// The limit of the sum of budgets, in USD; `nil` without a limit.
        package let budgetCap: String?
        /// The limit made the budgets smaller.
        package let isCapBinding: Bool
    }

    package struct Budget: Sendable {
        package let symbol: String
        package let amount: Amount
        package let mode: String
    }

    /// Takes two round trips.
    package static func read(_ connection: RedisConnection) throws(RedisError) -> RiskStatus {
        var pipeline = RedisPipeline()
        pipeline.add("TIME")
        for key in [ModeRecord.key, LeaseScript.key, CycleSummary.key, PortfolioState.key] {
            pipeline.add("HGETALL", key)
        }
        pipeline.add("ZRANGE", BudgetIndex.key, "0", "-1")
        let replies = try connection.send(pipeline)
        guard replies.count == 6 else {
            throw RedisError(code: .replyUnexpected, message: "Redis sent too few replies")
        }
        let now = try replies[0].time()
        let state = try? replies[4].hash.get()
        return RiskStatus(
            now: now, mode: (try? replies[1].hash.get()).flatMap(ModeRecord.init(fields:)),
            lease: (try? replies[2].hash.get()).map { Lease($0, now) },
            state: state.flatMap { State($0, now) },
            budgets: try budgets(replies[5].elements.compactMap(\.text), connection),
            cycle: (try? replies[3].hash.get()).flatMap(Cycle.init))
    }

    private static func budgets(_ symbols: [String], _ connection: RedisConnection) throws(RedisError) -> [Budget] {
        var pipeline = RedisPipeline()
        for symbol in symbols { pipeline.add("HGETALL", BudgetRecord.keyPrefix + symbol) }
        return zip(symbols, try connection.send(pipeline)).compactMap { symbol, reply -> Budget? in
            guard let fields = try? reply.hash.get(), let text = fields["budget_usd"],
                let amount = try? Amount(text)
            else { return nil }
            return Budget(symbol: symbol, amount: amount, mode: fields["mode"] ?? "")
        }.sorted { $0.symbol < $1.symbol }
    }

    /// `nil` if the sum is beyond all amounts.
    package var sum: Amount? {
        budgets.reduce(.zero) { sum, budget in sum.flatMap { try? $0 + budget.amount } }
    }
}

extension RiskStatus.Lease {
    fileprivate init(_ fields: Fields, _ now: Timestamp) {
        func since(_ name: StaticString) -> Duration? {
            fields[name].flatMap { Int64($0) }.map { now.since(Timestamp(milliseconds: $0)) }
        }
        self.init(
            holder: fields["holder"] ?? "", epoch: fields["epoch"].flatMap { Int($0) } ?? 0,
            left: .zero - (since("until") ?? .zero), cycleAge: since("cycle_at"))
    }
}

extension RiskStatus.Cycle {
    fileprivate init?(_ fields: Fields) {
        guard let state = fields["state"] else { return nil }
        func text(_ name: StaticString) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            state: state, symbols: fields["symbols"].flatMap { Int($0) } ?? 0, heldEquity: text("held_usd"),
            budgetCap: text("budget_cap_usd"), isCapBinding: text("budget_cap_binding") == "1")
    }
}

extension RiskStatus.State {
    fileprivate init?(_ fields: Fields, _ now: Timestamp) {
        guard let state = try? PortfolioState(fields: fields) else { return nil }
        self.init(equity: state.equity, source: fields["source"] ?? "", age: now.since(state.takenAt))
    }
}
