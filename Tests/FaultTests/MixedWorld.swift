import Foundation
import GateAPI
import GateHost
import Platform
import Redis
import TestSupport
import Testing
import TradingState

/// One symbol under a budget of 1,000 USD at 100,000, hosts as processes, and everything that an execution layer and a
/// publisher of positions may do to the ledger.
final class MixedWorld {
    static let limit = Amount(percent: 1)
    let redis: RedisFixture
    private let folder: TemporaryFolder
    private let configuration: String
    var exchange = TrueExchange()
    var random: SeededGenerator
    /// Plans as they were published.
    private var plans: [String: Plans.Pairs] = [:]
    private(set) var isBuy: [String: Bool] = [:]
    /// Reports that are still to be sent, once or more often.
    var reports: [[String]] = []
    private var published = 0
    private(set) var counts: [String: Int] = [:]

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        redis = try RedisFixture()
        folder = try TemporaryFolder()
        configuration = try folder.write(
            """
            redis: { url: "\(redis.server.url)" }
            intake: { batch: 16, block: 20ms, claim_after: 1s, claim_interval: 100ms }
            answers: { permit_ttl: 1h, block_ttl: 1h, reservation_ttl: 1h, shown_margin: 1s }
            log: { level: critical }
            gates:
              - { gate: p28-budget, mode: enforce, settings: { max_age: 1h } }
              - { gate: kill-switch, mode: enforce }
            """, to: "gatehost.yaml")
        try redis.send(FaultDeployment.budget("BTCUSDT", "1000"))
        try publishPosition()
    }

    func startHost() throws -> HostProcess {
        let host = try HostProcess(["run", "--config", configuration])
        host.discardOutput()
        return host
    }

    func note(_ name: String) { counts[name, default: 0] += 1 }

    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    func publishPosition() throws { try publish(exchange.position) }

    private func publish(_ position: Amount) throws {
        let now = WallClock.now().milliseconds
        try redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", position.description, "mark_price", "100000",
            "ts_epoch", "\(now / 1_000).\(String(1_000 + now % 1_000).dropFirst())")
    }

    /// A position that the publisher has read and not written yet.
    struct ReadPosition {
        let position: Amount
        let moment: UInt64
    }

    func readPosition() -> ReadPosition { ReadPosition(position: exchange.position, moment: Monotonic.nanoseconds()) }

    /// Writes what was read a while ago, stamped now, if that took well less than `answers.shown_margin`.
    func publish(late read: ReadPosition) throws {
        guard Monotonic.nanoseconds() &- read.moment < 500_000_000 else { return }
        try publish(read.position)
        note("late")
    }

    // MARK: Plans

    func publishPlans(_ count: Int) throws {
        var entries: [Plans.Pairs] = []
        for _ in 0..<count {
            published += 1
            let plan = "plan-\(published)"
            let buys = chance(50)
            var pairs = Plans.open(
                plan, side: buys ? "BUY" : "SELL", quantity: "0.00\(Int.random(in: 1...6, using: &random))")
            if chance(25) {
                pairs = pairs.map { $0.name == "action" ? ($0.name, "FULL_CLOSE_PROPOSED") : $0 }
            }
            if chance(15) { pairs = pairs.map { $0.name == "reduceOnly" ? ($0.name, "true") : $0 } }
            plans[plan] = pairs
            isBuy[plan] = buys
            entries.append(pairs)
        }
        // A plan is published again now and then: a duplicate, or judged anew if its permit was taken back.
        if chance(50), let again = plans.values.randomElement(using: &random) { entries.append(again) }
        try redis.publish(entries, to: RedisFixture.planStream)
    }

    func decided() async throws {
        try await eventually("all decisions", within: 60) {
            let group = try redis.command("XINFO", "GROUPS", RedisFixture.planStream).element(0)
            return group?.element(11)?.integer == 0 && group?.element(5)?.integer == 0
        }
    }
}
