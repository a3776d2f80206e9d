import GateAPI
import GateHost
import Logging
import Platform
import Redis
import ServiceLifecycle
import Synchronization
import TradingState

/// Publishes the demo's plans at a steady rate, and waits until every one is decided.
final class DemoFeeder: Service {
    private let plans: [Fields]
    private let rate: Int
    private let redis: RedisConfiguration
    private let stream: String
    private let market: DemoMarket
    private let printer: DemoPrinter
    private let stopping = Atomic(false)
    private let failure = Mutex<RedisError?>(nil)

    /// Longest wait for the last decisions.
    private static let patience: UInt64 = 20_000_000_000

    init(
        plans: [Fields], rate: Int, redis: RedisConfiguration, stream: String, market: DemoMarket, printer: DemoPrinter
    ) {
        self.plans = plans
        self.rate = rate
        self.redis = redis
        self.stream = stream
        self.market = market
        self.printer = printer
    }

    var isComplete: Bool { printer.decided == plans.count }

    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await onBlockingThread(named: "demo-feeder") {
                do throws(RedisError) {
                    try self.feed()
                } catch {
                    self.failure.withLock { $0 = error }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.stopping.store(true, ordering: .relaxed)
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func feed() throws(RedisError) {
        let connection = try RedisConnection(redis)
        defer { connection.close() }
        var commands = RedisPipeline()
        market.seed(&commands)
        market.updateMarket(&commands, progress: 0, at: WallClock.now())
        market.updatePositions(&commands, at: WallClock.now())
        _ = try connection.send(commands)
        guard try waitForBudgets(connection) else { return }

        let start = Monotonic.nanoseconds()
        for (index, plan) in plans.enumerated() {
            guard wait(until: start &+ UInt64(index) &* 1_000_000_000 / UInt64(rate)) else { return }
            let now = WallClock.now()
            commands.removeAll()
            market.updateMarket(&commands, progress: Double(index) / Double(plans.count), at: now)
            market.updatePositions(&commands, at: now)
            commands.add(["XADD", stream, "*"] + plan.pairs.flatMap { [$0.name, $0.value] })
            printer.sent(at: Monotonic.nanoseconds())
            _ = try connection.send(commands)
        }
        let end = Monotonic.nanoseconds() &+ Self.patience
        while !isComplete, Monotonic.nanoseconds() < end {
            guard wait(until: Monotonic.nanoseconds() &+ 5_000_000) else { return }
        }
    }

    /// False if no budget came, or if the demo is being stopped.
    private func waitForBudgets(_ connection: RedisConnection) throws(RedisError) -> Bool {
        guard let symbol = market.budgetedSymbol else { return true }
        let end = Monotonic.nanoseconds() &+ Self.patience
        while Monotonic.nanoseconds() < end {
            if try connection.command("EXISTS", "quantum:portfolio:budget:\(symbol)").integer == 1 { return true }
            guard wait(until: Monotonic.nanoseconds() &+ 20_000_000) else { return false }
        }
        return false
    }

    /// False if the demo is being stopped.
    private func wait(until moment: UInt64) -> Bool {
        while !stopping.load(ordering: .relaxed) {
            let now = Monotonic.nanoseconds()
            guard now < moment else { return true }
            Monotonic.sleep(nanoseconds: min(moment - now, 20_000_000))
        }
        return false
    }
}
