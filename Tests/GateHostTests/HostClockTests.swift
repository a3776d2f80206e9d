import GateAPI
@testable import GateHost
import Logging
import P28Budget
import Platform
import Redis
import Telemetry
import TestSupport
import Testing
import TradingState

/// A11: one clock for everything that hosts share, Redis' own.
@Suite("Hosts' clocks")
struct HostClockTests {
    private let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    /// A host whose clock is some seconds ahead. It runs until `stop`.
    private struct ShiftedHost {
        private let intake: DetachedIntake
        private let running: Task<Void, Never>

        init(ahead: Int64, _ world: LedgerWorld) throws {
            let configuration = try TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce, settings: { max_age: 1h, position_max_age: 1h } }",
                types: [P28Budget.self], url: world.redis.server.url)
            let pipeline = Pipeline(gates: configuration.gates)
            let registry = MetricRegistry()
            let containment = try Containment(
                pipeline: pipeline, configuration: configuration.containment, journal: CrashJournal(),
                registry: registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            var runtime = HostRuntime.live
            runtime.wallClock = { Timestamp(milliseconds: WallClock.now().milliseconds + ahead * 1_000) }
            let intake = DetachedIntake(
                configuration: configuration, identity: HostIdentity(host: "host:\(ahead)", consumer: "desk\(ahead)"),
                pipeline: pipeline, containment: containment,
                metrics: try HostMetrics(registry, pipeline: pipeline, streams: [configuration.intake.stream]),
                runtime: runtime)
            self.intake = intake
            running = Task { await onBlockingThread(named: "intake") { intake.run() } }
        }

        func stop() async {
            intake.stop()
            await running.value
        }
    }

    /// Records that are from the future for nobody.
    private func age() throws {
        try world.snapshot("0", ahead: -140)
        try world.redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "timestamp", "\(WallClock.now().milliseconds / 1_000 - 140)")
    }

    @Test("A11: a host whose clock is far off sees the other's shares, and the other sees its", arguments: [130, -130])
    func farOff(ahead: Int64) async throws {
        try age()
        let right = try ShiftedHost(ahead: 0, world)
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        await right.stop()
        let wrong = try ShiftedHost(ahead: ahead, world)
        #expect(try await world.decide(.open("b", "BUY", "0.006")) == "block")
        #expect(try await world.decide(.open("c", "BUY", "0.004")) == "permit")
        await wrong.stop()
        let again = try ShiftedHost(ahead: 0, world)
        #expect(try await world.decide(.open("d", "BUY", "0.001")) == "block")
        await again.stop()
        #expect(try world.totals() == "0=0.01")
    }

    @Test("A11: how long a share counts is measured by Redis, whatever the host's clock says", arguments: [130, -130])
    func ends(ahead: Int64) async throws {
        try age()
        let host = try ShiftedHost(ahead: ahead, world)
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        await host.stop()
        let time = try #require(try world.redis.command("TIME").element(0)?.text.flatMap { Int64($0) })
        let bucket = try #require(try world.redis.hash(LedgerWorld.account).keys.first { $0.hasPrefix("g:") })
        let ends = try #require(bucket.firstMatch(of: /\.(\d+):0$/).flatMap { Int64($0.1) }) / 1_000
        // 120 s, as answers.reservation_ttl has it, and at most three eighths more.
        #expect((145...166).contains(ends - time))
    }
}
