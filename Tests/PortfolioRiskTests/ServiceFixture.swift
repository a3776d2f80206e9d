import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Redis
import Telemetry
import TestSupport
import Testing

@testable import PortfolioRisk

struct HTTPAnswer: Equatable {
    let status: UInt
    let body: String
    var headers: [String: String] = [:]
}

/// The whole service on a free port with its own Redis, until ``stop()``.
struct ServiceFixture {
    let redis: RedisFixture
    let port: Int
    private let task: Task<Void, any Error>

    static let token = "0123456789abcdef"

    /// - Parameters:
    ///   - redis: the server to share with another service; its own if `nil`.
    ///   - user: the user of Redis, with the password `secret`.
    init(
        _ environment: [String: String] = [:], on redis: RedisFixture? = nil, user: String? = nil
    ) async throws {
        let redis = try redis ?? RedisFixture()
        self.redis = redis
        let defaults = [
            "PORT": "0", "P28_TEST_MODE": "1", "P28_ADMIN_TOKEN": Self.token, "SYMBOL_UNIVERSE": "BTCUSDT",
            "BUDGET_COMPUTE_INTERVAL_SEC": "0.1",
        ]
        let url = user.map { "unix://\($0):secret@\(redis.server.socketPath)" } ?? redis.server.url
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let service = try PortfolioRiskService(
            settings: try settings(defaults.merging(environment) { $1 }),
            redis: try RedisConfiguration(url: url), registry: MetricRegistry(),
            logger: silentLogger, onListening: { port.yield($0) })
        task = Task {
            defer { port.finish() }
            try await service.run()
        }
        guard let listening = await ports.first(where: { _ in true }) else {
            throw FixtureError.timeout("the service's port")
        }
        self.port = listening
    }

    func stop() async {
        task.cancel()
        _ = await task.result
    }

    func get(_ path: String) async throws -> HTTPAnswer { try await send(.GET, path) }

    func post(_ path: String, _ body: String? = nil, authorization: String? = nil) async throws -> HTTPAnswer {
        try await send(.POST, path, body, authorization)
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ authorization: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        try await Self.send(method, path, body, authorization, headers: headers, port: port)
    }

    static func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ authorization: String? = nil,
        headers: [String: String] = [:], port: Int
    ) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
        return HTTPAnswer(
            status: response.status.code, body: text,
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 })
    }

    func setMode(_ mode: String) async throws -> HTTPAnswer {
        try await post("/mode", #"{"mode":"\#(mode)"}"#, authorization: "Bearer \(Self.token)")
    }

    func inject(_ equity: String) async throws {
        _ = try await post("/test/inject_portfolio_state?equity_usd=\(equity)")
    }

    func budget(_ symbol: String = "BTCUSDT") throws -> [String: String] {
        try redis.hash("quantum:portfolio:budget:\(symbol)")
    }

    /// Writes a budget record for a symbol without a computed budget.
    func setBudget(_ symbol: String, _ fields: String...) throws {
        try redis.connection.check(["HSET", "quantum:portfolio:budget:\(symbol)"] + fields)
    }
}

extension RedisConnection {
    func check(_ arguments: [String]) throws {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        if let error = try send(pipeline).first?.error { throw error }
    }
}

/// Runs `body` with a service, which is stopped afterwards.
func withService(_ environment: [String: String] = [:], _ body: (ServiceFixture) async throws -> Void) async throws {
    let service = try await ServiceFixture(environment)
    do {
        try await body(service)
    } catch {
        await service.stop()
        throw error
    }
    await service.stop()
}

func expect(_ answer: HTTPAnswer, _ status: UInt, _ body: String, _ location: SourceLocation = #_sourceLocation) {
    #expect(answer.status == status, sourceLocation: location)
    #expect(answer.body == body, sourceLocation: location)
    #expect(answer.headers["content-type"] == "application/json", sourceLocation: location)
}
