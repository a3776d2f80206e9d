import Hummingbird
import Logging
import ServiceLifecycle
import Testing
import TestSupport

@testable import AdminHTTP

@Suite("Connections of an endpoint", .serialized)
struct ConnectionTests {
    private static let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    /// Runs an endpoint that answers `hello`.
    private func withEndpoint(
        maximum: Int, idleTimeout: Duration, _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let endpoint = AdminHTTP(
            host: "127.0.0.1", port: 0, rule: HostRule([]), limit: ConnectionLimit(maximum: maximum),
            idleTimeout: idleTimeout, logger: logger)
        let ports = AsyncStream<Int>.makeStream()
        let router = Router()
        router.get("") { _, _ in "hello" }
        let responder = router.buildResponder()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await endpoint.run(responder, refuse: { _ in Response(status: .forbidden) }) {
                    ports.continuation.yield($0)
                }
            }
            var iterator = ports.stream.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await body(port)
            tasks.cancelAll()
        }
    }

    @Test("900 half requests neither stay nor keep others out: the connections silent longest are closed")
    func halfRequests() async throws {
        try await withEndpoint(maximum: 8, idleTimeout: .seconds(60)) { port in
            var idle: [RawConnection] = []
            for _ in 0..<900 {
                let connection = try RawConnection(port: port)
                connection.send("GET / HT")
                idle.append(connection)
            }
            let client = try RawConnection(port: port)
            client.send(Self.request)
            #expect(client.readAll(within: 5).hasSuffix("hello"))
            try await eventually("the close of all but eight") { [idle] in idle.count { !$0.isClosed } <= 8 }
        }
    }

    @Test("a request whose head does not end is closed after the idle time, however its bytes dribble in")
    func slowHead() async throws {
        try await withEndpoint(maximum: 8, idleTimeout: .milliseconds(300)) { port in
            let slow = try RawConnection(port: port)
            slow.send("GET / HTTP/1.1\r\nX: ")
            let start = ContinuousClock.now
            while !slow.isClosed, ContinuousClock.now - start < .seconds(5) {
                slow.send("x")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }

    @Test("the limit leaves most of the process's descriptors to Redis")
    func share() {
        #expect(ConnectionLimit.forThisProcess <= ConnectionLimit.most)
        #expect(ConnectionLimit.forThisProcess >= 2)
    }
}
