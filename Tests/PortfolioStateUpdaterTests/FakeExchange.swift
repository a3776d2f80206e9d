import Crypto
import GateAPI
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Redis
import Synchronization

@testable import PortfolioStateUpdater

/// A loopback HTTP server that responds as documented: it checks key, signature and timestamp, and fails on demand.
final class FakeExchange: Sendable {
    static let key = "test-key"
    static let secret = "test-secret"

    /// Replaces one documented response.
    enum Fault: Sendable {
        case answer(Int, headers: [String: String] = [:], body: String)
        /// Announces more bytes than it sends, and closes the connection.
        case truncated
        /// Sends the head and a part of the body, then nothing.
        case slow
        case huge(bytes: Int)
    }

    struct State: Sendable {
        /// The lead of the exchange's clock over ours, in milliseconds.
        var clockLead: Int64 = 0
        var account = Accounts.v3
        var usedWeight = 5
        /// Faults of the account endpoint, in order.
        var faults: [Fault] = []
        var timeFaults: [Fault] = []
        fileprivate(set) var timeRequests = 0
        fileprivate(set) var accountRequests = 0
        fileprivate(set) var lastPath = ""
    }

    let state = Mutex(State())
    private let port = Mutex(0)

    var settings: BinanceSettings {
        BinanceSettings(
            key: Secret(Self.key), secret: Secret(Self.secret), baseURL: "http://127.0.0.1:\(port.withLock { $0 })",
            timeout: .seconds(10))
    }

    /// Runs `body` with a running server.
    static func serving(_ body: @Sendable (FakeExchange) async throws -> Void) async throws {
        let exchange = FakeExchange()
        let (listening, started) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: exchange.router(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                started.yield(channel.localAddress?.port ?? 0)
                started.finish()
            }, logger: Logger(label: "exchange", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in listening { exchange.port.withLock { $0 = port } }
            try await body(exchange)
            group.cancelAll()
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("fapi/v1/time") { [self] _, _ in
            let fault = state.withLock { state in
                state.timeRequests += 1
                return state.timeFaults.isEmpty ? nil : state.timeFaults.removeFirst()
            }
            if let fault { return Self.response(fault) }
            return ok("{\"serverTime\":\(now)}")
        }
        for version in ["v2", "v3"] {
            router.get("fapi/\(version)/account") { [self] request, _ in account(request) }
        }
        return router
    }

    private func account(_ request: Request) -> Response {
        let fault = state.withLock { state in
            state.accountRequests += 1
            state.lastPath = request.uri.path
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        if let fault { return Self.response(fault) }
        guard HTTPField.Name("X-MBX-APIKEY").flatMap({ request.headers[$0] }) == Self.key else {
            return Self.refusal(401, -2015, "Invalid API-key, IP, or permissions for action.")
        }
        let query = request.uri.query ?? ""
        guard let mark = query.range(of: "&signature="),
            query[mark.upperBound...].lowercased() == Self.signature(query[..<mark.lowerBound])
        else {
            return Self.refusal(400, -1022, "Signature for this request is not valid.")
        }
        let parameters = request.uri.queryParameters
        guard let timestamp = parameters.get("timestamp", as: Int64.self) else {
            return Self.refusal(
                400, -1102, "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.")
        }
        let window = parameters.get("recvWindow", as: Int64.self) ?? 5_000
        let now = now
        guard timestamp < now + 1_000 else {
            return Self.refusal(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.")
        }
        guard now - timestamp <= window else {
            return Self.refusal(400, -1021, "Timestamp for this request is outside of the recvWindow.")
        }
        return ok(state.withLock { $0.account })
    }

    private var now: Int64 {
        Clocks.system.wall().milliseconds + state.withLock { $0.clockLead }
    }

    private func ok(_ body: String) -> Response {
        Self.response(
            .answer(200, headers: ["X-MBX-USED-WEIGHT-1M": "\(state.withLock { $0.usedWeight })"], body: body))
    }

    private static func refusal(_ status: Int, _ code: Int, _ message: String) -> Response {
        response(.answer(status, body: "{\"code\":\(code),\"msg\":\"\(message)\"}"))
    }

    private static func signature(_ query: Substring) -> String {
        HMAC<SHA256>.authenticationCode(for: Array(query.utf8), using: SymmetricKey(data: Array(secret.utf8)))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func response(_ fault: Fault) -> Response {
        switch fault {
        case .answer(let status, let headers, let body):
            var fields: HTTPFields = [.contentType: "application/json"]
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { fields[name] = value }
            }
            return Response(
                status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: body)))
        case .truncated:
            return Response(
                status: .ok,
                body: .init(contentLength: 1_000) { writer in
                    try await writer.write(ByteBuffer(string: "{\"totalWalletBalance\":\"1"))
                    throw CancellationError()
                })
        case .slow:
            return Response(
                status: .ok,
                body: .init(contentLength: 1_000) { writer in
                    try await writer.write(ByteBuffer(string: "{"))
                    // Waits until the client closes the connection or the server stops.
                    for await _ in AsyncStream<Never>.makeStream().stream {}
                })
        case .huge(let bytes):
            return Response(
                status: .ok,
                body: .init { writer in
                    let chunk = ByteBuffer(repeating: UInt8(ascii: " "), count: 64 << 10)
                    for _ in 0..<(bytes >> 16) { try await writer.write(chunk) }
                    try await writer.finish(nil)
                })
        }
    }
}

extension StringProtocol {
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
