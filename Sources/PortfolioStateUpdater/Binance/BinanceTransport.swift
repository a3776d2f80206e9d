import AsyncHTTPClient
import GateAPI
import NIOCore
import NIOHTTP1
import Redis

/// One GET at a time, bounded in time and bytes. Follows no redirect, which would carry the key and the signature to
/// where it points.
struct BinanceTransport: Sendable {
    /// An answer, whatever its status.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
        /// Seconds to wait, where the exchange says so.
        let retryAfter: Int?
        /// The weight that this address has used in the current minute.
        let usedWeight: Int?
    }

    /// Version 2 lists every symbol of the exchange, some 600, with less than 1 KiB each.
    static let maximumBodyBytes = 4 << 20

    private let client: HTTPClient
    private let baseURL: String
    private let timeout: Duration

    init(_ settings: BinanceSettings) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.decompression = .disabled
        // What cannot be reached is tried again in the next cycle, and the reason is told now.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
        baseURL = settings.baseURL
        timeout = settings.timeout
    }

    func close() async {
        // Fails only where it was shut down before.
        try? await client.shutdown()
    }

    /// `target`: path and query. It never shows in an error: it may hold a signature.
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

    /// `nil` where time ran out. The client's own timeout ends with the head of the answer, so a body could take for
    /// ever.
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

    /// Errors of the client and of the network below it name hosts and causes, never the query. Bounded, on one line.
    private static func describe(_ error: any Error) -> String {
        String(String(describing: error).map { $0.isNewline ? " " : $0 }.prefix(300))
    }
}
