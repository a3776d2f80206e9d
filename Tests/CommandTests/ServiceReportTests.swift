import Foundation
import TestSupport
import Testing

@Suite("gatehost run under a service manager")
struct ServiceReportTests {
    @Test("reports its start and its progress", arguments: [[], ["--unsupervised"]])
    func reports(flags: [String]) async throws {
        let world = try OperatorWorld()
        let socket = try NotifySocket("@gatehost-test-\(UUID().uuidString)")
        // systemd names the process that it has started: the supervisor.
        let host = try HostProcess(
            ["run", "--config", world.config] + flags,
            environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"])
        host.discardOutput()
        var lines: [String] = []
        try await eventually("signs of life") {
            lines += socket.lines()
            return lines.count { $0 == "WATCHDOG=1" } >= 2
        }
        #expect(lines.first == "READY=1")
        #expect(lines.contains("STATUS=ready"))
        host.signal(SIGTERM)
        try await eventually("the end") { !host.isRunning }
        _ = socket.lines()
        // Nothing is told after the end: no process is left behind.
        try await Task.sleep(for: .seconds(1))
        #expect(socket.lines() == [])
    }
}
