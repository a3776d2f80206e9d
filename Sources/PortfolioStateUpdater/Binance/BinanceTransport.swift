import AsyncHTTPClient
import GateAPI
import NIOCore
import NIOHTTP1
import Redis

/// Sends GET requests, bounded in time and bytes. It follows no redirects, because those would carry the key and the
/// signature to another server.
struct BinanceTransport: Sendable {
    /// A response with any status.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
        /// The `Retry-After` header, in seconds.
        let retryAfter: Int?
        /// The request weight that this address has used in the current minute.
        let usedWeight: Int?
    }

    /// Version 2 lists about 600 symbols with less than 1 KiB each.
    static let maximumBodyBytes = 4 << 20

    private let client: HTTPClient
    private let baseURL: String
    private let timeout: Duration

    init(_ settings: BinanceSettings) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.decompression = .disabled
        // Report a failed connection at once; the next cycle retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
        baseURL = settings.baseURL
        timeout = settings.timeout
    }

    func close() async {
        // Fails only if the client was already shut down.
        try? await client.shutdown()
    }

    /// - Parameter target: path and query. It never appears in an error, because it may hold a signature.
    func get(_ target: String, key: Secret?) async throws(PortfolioStateFailure) -> Answer {
        var request = HTTPClientRequest(url: baseURL + target)
        request.headers.add(name: "accept", value: "application/json")
        if let key { request.headers.add(name: "x-mbx-apikey", value: key.value) }
        do {
            guard let answer = try await withinTimeout({ [request] in try await exchange(request) }) else {
                throw PortfolioStateFailure(.timeout, "Binance did not answer within \(timeout.seconds) s")
            }
            return answer
        } catch let failure as PortfolioStateFailure {
            throw failure
        } catch is NIOTooManyBytesError {
            throw PortfolioStateFailure(
                .responseTooLarge, "the answer of Binance is larger than \(Self.maximumBodyBytes) bytes")
        } catch let error as HTTPClientError where [.connectTimeout, .deadlineExceeded, .readTimeout].contains(error) {
            throw PortfolioStateFailure(.timeout, "Binance did not answer within \(timeout.seconds) s")
        } catch {
            throw PortfolioStateFailure(.connection, "the exchange with Binance failed: \(Self.describe(error))")
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await client.execute(request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))))
        let body = try await response.body.collect(upTo: Self.maximumBodyBytes)
        return Answer(
            status: Int(response.status.code), body: Array(body.readableBytesView),
            retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) },
            usedWeight: response.headers.first(name: "x-mbx-used-weight-1m").flatMap { Int($0) })
    }

    /// Returns `nil` on timeout. The timeout of the client ends with the response head, so the body needs its own.
    private func withinTimeout(_ work: @escaping @Sendable () async throws -> Answer) async throws -> Answer? {
        try await withThrowingTaskGroup(of: Answer?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask { [timeout] in
                try await Task.sleep(for: timeout)
                return nil
            }
            return try await group.next() ?? nil
        }
    }

    /// Errors of the client and of the network name hosts and causes, never the query. Bounded to one line.
    private static func describe(_ error: any Error) -> String {
        String(String(describing: error).map { $0.isNewline ? " " : $0 }.prefix(300))
    }
}
