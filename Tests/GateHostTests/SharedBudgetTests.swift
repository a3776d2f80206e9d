import GateAPI
import GateHost
import P28Budget
import Platform
import Redis
import TestSupport
import Testing
import TradingState

/// P1: the bound of an account holds over streams, hosts and batches. No fault, no kill.
@Suite("Shared budgets")
struct SharedBudgetTests {
    private static let symbols = (0..<40).map { "S\($0)USDT" }
    private static let plansPerSymbol = 32
    private let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
        let now = "\(WallClock.now().milliseconds / 1_000)"
        for symbol in Self.symbols {
            try redis.command(
                "HSET", "quantum:portfolio:budget:\(symbol)", "budget_usd", "1000", "mode", "enforce", "timestamp", now)
            try redis.publishPosition("0", of: symbol)
        }
    }

    private func host(_ streams: [String], batch: Int) throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }", types: [P28Budget.self], url: redis.server.url,
                sections: """
                    intake: { streams: [\(streams.joined(separator: ", "))], batch: \(batch), block: 20ms }
                    """))
    }

    /// Plans of 100 USD against a budget of 1,000: ten of each symbol fit, from whichever stream they come.
    private func publish(to streams: [String]) throws {
        for number in 0..<Self.plansPerSymbol {
            let stream = streams[number % streams.count]
            try redis.publish(
                Self.symbols.map { Plans.open("\($0)-\(number)", $0, quantity: "0.001", price: "100000") }, to: stream)
        }
    }

    private func permits() throws -> [String: Int] {
        try redis.entries(RedisFixture.decisionStream).filter { $0["outcome"] == "permit" }
            .reduce(into: [:]) { $0[$1["symbol"] ?? "", default: 0] += 1 }
    }

    @Test(
        "P1: a symbol whose plans come in several streams is never overspent, and no plan that fits is blocked",
        arguments: [(streams: 4, hosts: 1, batch: 8), (4, 2, 8), (2, 2, 128), (1, 3, 64), (4, 2, 128)])
    func neverOverspent(streams count: Int, hosts: Int, batch: Int) async throws {
        let streams = (0..<count).map { "plans:\($0)" }
        let hosts = try (0..<hosts).map { _ in try host(streams, batch: batch) }
        try publish(to: streams)
        try await redis.waitForDecisions(Self.symbols.count * Self.plansPerSymbol)
        for host in hosts { await host.stop() }
        let permits = try permits()
        #expect(permits.count == Self.symbols.count)
        #expect(permits.filter { $0.value != 10 } == [:])
        for symbol in Self.symbols {
            #expect(try redis.totals(of: "quantum:governor:account:position:\(symbol)") == "0=0.01")
        }
    }
}
