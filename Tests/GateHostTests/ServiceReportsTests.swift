import Foundation
import Logging
import Platform
import TestSupport
import Testing

@testable import GateHost

/// K7: the service manager hears of real progress alone.
@Suite("Service reports")
struct ServiceReportsTests {
    private let folder: TemporaryFolder
    private let socket: NotifySocket
    private let status = HostStatus(streams: ["a", "b"])
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    init() throws {
        folder = try TemporaryFolder()
        socket = try NotifySocket(folder.path + "/notify")
    }

    private func reports(_ watchdog: String? = "8000000") throws -> ServiceReports {
        var environment = ["NOTIFY_SOCKET": socket.name]
        environment["WATCHDOG_USEC"] = watchdog
        return ServiceReports(try #require(ServiceManager(environment: environment)), status, logger: logger)
    }

    private func move(_ intakes: Int...) {
        for intake in intakes { status.intakes[intake].tick() }
    }

    @Test("the host is up once every intake has moved, with or without Redis")
    func up() throws {
        var reports = try reports()
        reports.update(at: 1)
        move(0)
        reports.update(at: 2)
        #expect(socket.lines() == [])
        status.intakes[1].set(.waiting("redis: refused\nthe connection"))
        reports.update(at: 3)
        #expect(socket.lines() == ["READY=1", "STATUS=not ready: redis: connecting"])
        status.intakes[0].set(.ready)
        reports.update(at: 1_000_000_003)
        #expect(socket.lines() == ["STATUS=not ready: redis: refused the connection"])
        status.intakes[1].set(.ready)
        reports.update(at: 1_500_000_000)
        #expect(socket.lines() == [])
        reports.update(at: 2_000_000_003)
        #expect(socket.lines().contains("STATUS=ready"))
    }

    @Test("a sign of life goes out every quarter of the time, if every intake has moved since the last")
    func signs() throws {
        var reports = try reports()
        status.intakes[0].set(.ready)
        status.intakes[1].set(.ready)
        reports.update(at: 1)
        #expect(socket.lines() == ["READY=1", "STATUS=ready"])
        move(0, 1)
        reports.update(at: 2_000_000_000)
        #expect(socket.lines() == [], "too early")
        reports.update(at: 2_000_000_001)
        #expect(socket.lines() == ["WATCHDOG=1"])
        // One intake stands still.
        for second in 3..<60 {
            move(0)
            reports.update(at: UInt64(second) * 1_000_000_000)
        }
        #expect(socket.lines() == [])
        move(1)
        reports.update(at: 60_000_000_000)
        #expect(socket.lines() == ["WATCHDOG=1"])
    }

    @Test("without a watchdog only the start is told", arguments: [nil, "0"])
    func noWatchdog(time: String?) throws {
        var reports = try reports(time)
        for second in 0..<10 {
            move(0, 1)
            reports.update(at: UInt64(second) * 60_000_000_000)
        }
        #expect(socket.lines().filter { !$0.hasPrefix("STATUS") } == ["READY=1"])
    }

    @Test("a running host tells of its start and its progress, also while Redis is away")
    func running() async throws {
        let redis = try RedisFixture()
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "8000000"])
        let configuration = try TestConfiguration.make("  - { gate: alpha, mode: enforce }", url: redis.server.url)
        let host = try HostFixture(configuration, serviceManager: manager)
        var lines: [String] = []
        try await eventually("the start") {
            lines += socket.lines()
            return lines.contains("STATUS=ready")
        }
        #expect(lines.first == "READY=1")
        redis.server.kill()
        try await eventually("signs of life", within: 30) {
            lines += socket.lines()
            return lines.count { $0 == "WATCHDOG=1" } >= 2 && lines.contains { $0.hasPrefix("STATUS=not ready: redis") }
        }
        await host.stop()
    }
}
