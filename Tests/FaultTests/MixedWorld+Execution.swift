import Foundation
import GateAPI
import Redis
import TestSupport
import Testing

/// The execution layer of a ``MixedWorld``, and the invariant.
extension MixedWorld {
    /// The live permits, as of one moment.
    private func livePermits() throws -> [TrueExchange.Order] {
        let script = """
            local permits = {}
            for _, key in ipairs(redis.call('KEYS', 'quantum:permit:*')) do
              permits[#permits + 1] = key
              permits[#permits + 1] = redis.call('GET', key)
            end
            return permits
            """
        let reply = Array(try redis.command("EVAL", script, "0").elements).map { $0.text ?? "" }
        return try stride(from: 0, to: reply.count, by: 2).map {
            try order(String(reply[$0].dropFirst("quantum:permit:".count)), reply[$0 + 1])
        }
    }

    private func order(_ plan: String, _ permit: String) throws -> TrueExchange.Order {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(permit.utf8)) as? [String: Any], "\(permit)")
        let quantity = try #require(object["computed_qty"] as? NSNumber)
        return TrueExchange.Order(
            plan: plan, buys: isBuy[plan] == true, isCapped: object["reduce_only"] as? Bool == true,
            rest: try Amount(quantity.stringValue))
    }

    /// Takes some permits: their orders are accepted or refused. Gives some back unused.
    func takePermits() throws {
        for order in try livePermits().shuffled(using: &random) {
            if chance(30) {
                // The execution layer gave up before it took the permit.
                if chance(50) { report(order.plan, ["executed", "False"], "unused") }
            } else if try redis.command("GETDEL", "quantum:permit:\(order.plan)").text != nil {
                if chance(20) {
                    report(order.plan, ["executed", "False", "exchange_refused", "true"], "refused")
                } else {
                    exchange.accept(order)
                    note("accepted")
                    // It gave up waiting. The order may still fill.
                    if chance(20) { report(order.plan, ["executed", "False"], "timed out") }
                }
            }
        }
    }

    /// Fills orders, whole or in parts, and lets some die.
    func trade(all: Bool = false) throws {
        for index in exchange.working.indices.reversed() where all || chance(60) {
            let order = exchange.working[index]
            let isCancelled = !all && order.filled.isZero && chance(15)
            let part = chance(70) ? order.rest : try order.rest.divided(by: 2, rounding: .towardZero)
            if !isCancelled { try exchange.fill(index, part) }
            guard all || chance(80) else { continue }
            let dead = exchange.finish(index)
            if dead.filled.isZero, !dead.isCapped {
                report(dead.plan, ["executed", "False", "exchange_refused", "true"], "refused late")
            } else {
                report(dead.plan, ["executed", "True", "filled_qty", dead.filled.description], "executed")
            }
        }
    }

    private func report(_ plan: String, _ fields: [String], _ kind: String) {
        note(kind)
        let report = ["plan_id", plan, "symbol", "BTCUSDT"] + fields
        reports.append(report)
        if chance(20) {
            reports.append(report)
            note("repeated")
        }
    }

    /// Sends some of the reports, in the order in which they were made for each plan.
    func sendReports(all: Bool = false) throws {
        var late: Set<String> = []
        var kept: [[String]] = []
        for report in reports {
            if !all, late.contains(report[1]) || chance(30) {
                late.insert(report[1])
                kept.append(report)
            } else {
                try redis.send(["XADD", "quantum:stream:apply.result", "*"] + report)
            }
        }
        reports = kept
    }

    func settled() async throws {
        try await eventually("all reports") {
            let group = try redis.command("XINFO", "GROUPS", "quantum:stream:apply.result").element(0)
            return group?.element(11)?.integer == 0 && group?.element(5)?.integer == 0
        }
    }

    // MARK: The invariant

    /// Expects that the position is within the budget, and stays within it whatever still fills.
    func check(_ step: String) throws {
        let (lowest, highest) = try exchange.extremes(try livePermits())
        let position = exchange.position
        #expect(try max(position, .zero - position) <= Self.limit, "\(step): position \(position)")
        #expect(highest <= Self.limit, "\(step): may reach \(highest)")
        #expect(try .zero - lowest <= Self.limit, "\(step): may reach \(lowest)")
    }
}
