import AsyncHTTPClient
import GateAPI
package import Logging
import NIOCore
import NIOHTTP1

/// Reads the heat from an exporter, if one is configured.
package struct HeatReader: Sendable {
    /// For the whole exchange, from the request to the last byte of the body.
    private static let timeout: Duration = .seconds(5)
    private static let maximumBytes = 4 << 20

    private let url: String?
    private let metric: String
    private let logger: Logger

    package init(_ settings: RiskSettings, logger: Logger) {
        url = settings.heatURL
        metric = settings.heatMetric
        self.logger = logger
    }

    package func read() async -> HeatSource {
        guard let url else { return .positions }
        do {
            let text = try await withThrowingTaskGroup(of: String.self) { tasks in
                tasks.addTask { try await Self.text(at: url) }
                tasks.addTask {
                    try await Task.sleep(for: Self.timeout)
                    throw Failure(reason: "the exporter did not answer within \(Self.timeout)")
                }
                defer { tasks.cancelAll() }
                return try await tasks.next() ?? ""
            }
            guard let value = ExpositionSample.value(of: metric, in: text) else {
                return unavailable("the exporter has no \(metric)")
            }
            return .exporter(try Ratio(String(value)))
        } catch let error as AmountError {
            return unavailable("\(metric) is not a number: \(error)")
        } catch {
            return unavailable("\(error)")
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }

    private static func text(at url: String) async throws -> String {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: TimeAmount(timeout))
        guard response.status == .ok else {
            throw Failure(reason: "the exporter responded with HTTP status \(response.status.code)")
        }
        return String(buffer: try await response.body.collect(upTo: maximumBytes))
    }

    private func unavailable(_ reason: String) -> HeatSource {
        // A stop is no fault of the exporter.
        guard !Task.isCancelled else { return .exporter(nil) }
        logger.warning(
            "no heat from the exporter: budgets are computed without heat", metadata: ["reason": "\(reason)"])
        return .exporter(nil)
    }
}
