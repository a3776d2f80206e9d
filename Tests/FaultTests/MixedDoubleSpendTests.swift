import Foundation
import GateAPI
import GateHost
import Glibc
import TestSupport
import Testing

@Suite("No double spending, everything mixed", .serialized)
struct MixedDoubleSpendTests {
    /// Set `GATEHOST_MIXED_ROUNDS=500` for a long run.
    private static let rounds =
        ProcessInfo.processInfo.environment["GATEHOST_MIXED_ROUNDS"].flatMap { Int($0) } ?? 25

    @Test(
        "opens, closes, fills, reports of every kind, revocations and SIGKILL: the true exposure stays within the budget",
        arguments: [0x1ED6E4, 0x5EED])
    func mixed(seed: UInt64) async throws {
        let world = try MixedWorld(seed: seed)
        var random = SeededGenerator(seed: seed &+ 1)
        var hosts = try (0..<3).map { _ in try world.startHost() }
        defer { for host in hosts { host.crash() } }
        for round in 0..<Self.rounds {
            try world.publishPlans(24)
            if round % 3 == 0 {
                let victim = Int.random(in: 0..<3, using: &random)
                hosts[victim].crash()
                hosts[victim] = try world.startHost()
                world.note("killed")
            }
            try world.check("round \(round), while plans are decided")
            try await world.decided()
            try world.check("round \(round), decided")
            if round % 5 == 4 { try await revoke(world) }
            try world.takePermits()
            try world.check("round \(round), permits taken")
            let read = world.readPosition()
            try world.trade()
            try world.sendReports()
            try world.publish(late: read)
            try world.check("round \(round), traded")
            if round % 2 == 0 { try await world.settled() }
            try world.publishPosition()
            try world.check("round \(round), settled")
        }
        try await everythingComesBack(world)
        print("mixed double-spend, seed \(seed): \(world.counts.sorted { $0.key < $1.key })")
        for kind in ["accepted", "executed", "unused", "refused", "timed out", "repeated", "killed", "revoked", "late"]
        {
            #expect(world.counts[kind] ?? 0 > 0, "\(kind)")
        }
    }

    private func revoke(_ world: MixedWorld) async throws {
        let before = try world.redis.command("KEYS", "quantum:permit:*").count
        try world.redis.command("SET", "quantum:kill", "1")
        try await Task.sleep(for: .milliseconds(400))
        try world.check("the kill switch is on")
        try world.redis.command("DEL", "quantum:kill")
        if try world.redis.command("KEYS", "quantum:permit:*").count < before { world.note("revoked") }
    }

    /// After all orders are dead, reported and shown, nothing is under way, and a plan that fits gets its permit.
    private func everythingComesBack(_ world: MixedWorld) async throws {
        for plan in try world.redis.command("KEYS", "quantum:permit:*").elements.compactMap(\.text) {
            try world.redis.command(
                "XADD", "quantum:stream:apply.result", "*", "plan_id", String(plan.dropFirst("quantum:permit:".count)),
                "symbol", "BTCUSDT", "executed", "False")
        }
        try world.trade(all: true)
        try world.sendReports(all: true)
        try await world.settled()
        // Reports are counted in whole seconds, and the margin is a second.
        try await Task.sleep(for: .milliseconds(2_200))
        try world.publishPosition()
        let position = world.exchange.position
        let opens = position.isNegative ? "SELL" : "BUY"
        let room = try MixedWorld.limit - (position.isNegative ? .zero - position : position)
        try world.redis.publish(
            [Plans.open("last", side: opens, quantity: room.description)], to: RedisFixture.planStream)
        try await world.decided()
        guard room.isPositive else { return }
        #expect(try world.redis.outcomes()["last"] == "permit")
        let totals = try world.redis.totals(of: "quantum:governor:account:position:BTCUSDT")
        #expect(totals == "\(position.isNegative ? 1 : 0)=\(room)")
    }
}
