import Foundation
import FoundationNetworking
import GateHost
import Logging
import ServiceLifecycle
import Synchronization
import Telemetry
import Testing
import TestSupport

@Suite("Admin endpoint")
struct AdminTests {
    /// Runs an admin server on a free port and asks it.
    private func ask(
        _ path: String, status: HostStatus, registry: MetricRegistry = MetricRegistry(), method: String = "GET",
        headers: [String: String] = [:]
    ) async throws -> (Int, String) {
        let configuration = try TestConfiguration.make(
            "  - { gate: alpha, mode: shadow }", sections: "admin: { listen: 127.0.0.1:0 }")
        let port = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let admin = AdminServer(configuration.admin, status: status, registry: registry, logger: logger) {
            port.continuation.yield($0)
        }
        let group = ServiceGroup(services: [admin], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var ports = port.stream.makeAsyncIterator()
            guard let number = await ports.next(), let url = URL(string: "http://127.0.0.1:\(number)/\(path)") else {
                throw FixtureError.timeout("a port")
            }
            var request = URLRequest(url: url)
            request.httpMethod = method
            for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
            let (data, response) = try await URLSession.shared.data(for: request)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
        }
    }

    @Test("names what is not ready, and the streams that wait")
    func notReady() async throws {
        let status = HostStatus(streams: ["plans:0", "plans:1"])
        status.intakes[0].set(.ready)
        let (code, body) = try await ask("health/ready", status: status)
        #expect(code == 503)
        #expect(
            body == #"{"status":"not_ready","detail":"redis: connecting","#
                + #""streams":[{"stream":"plans:1","detail":"redis: connecting"}]}"# + "\n")
    }

    @Test("is live while the intake thread moves")
    func live() async throws {
        let (status, body) = try await ask("health/live", status: HostStatus())
        #expect(status == 200)
        #expect(body == "{\"status\":\"live\"}\n")
    }

    @Test("is ready when the host decides")
    func ready() async throws {
        let redis = try RedisFixture()
        let host = try HostFixture(TestConfiguration.make("  - { gate: alpha, mode: shadow }", url: redis.server.url))
        try await eventually("ready") { host.status.current == .ready }
        let (status, body) = try await ask("health/ready", status: host.status)
        #expect(status == 200)
        #expect(body == "{\"status\":\"ready\"}\n")
        let (code, metrics) = try await ask("metrics", status: host.status, registry: host.registry)
        #expect(code == 200)
        #expect(metrics.contains("# TYPE gatehost_decisions_total counter\n"))
        await host.stop()
    }

    @Test(
        "answers no foreign Host and no page",
        arguments: [["Host": "evil.example"], ["Origin": "http://evil.example"]])
    func foreign(_ headers: [String: String]) async throws {
        for (method, path) in [("POST", "gates/heat/reset"), ("GET", "metrics"), ("GET", "health/ready")] {
            let (status, body) = try await ask(path, status: HostStatus(), method: method, headers: headers)
            #expect(status == 403)
            #expect(body.hasPrefix(#"{"error":""#))
        }
    }

    @Test("answers 404 to anything else")
    func unknown() async throws {
        #expect(try await ask("nothing", status: HostStatus()).0 == 404)
    }
}
