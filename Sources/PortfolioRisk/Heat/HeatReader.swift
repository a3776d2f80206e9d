import AsyncHTTPClient
import GateAPI
package import Logging
import NIOCore
import NIOHTTP1

/// Reads the heat from an exporter, if one is configured.
package struct HeatReader: Sendable {
    private static let timeout: TimeAmount = .seconds(5)
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
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: Self.timeout)
            guard response.status == .ok else {
                return unavailable("the exporter responded with HTTP status \(response.status.code)")
            }
            let body = try await response.body.collect(upTo: Self.maximumBytes)
            guard let value = ExpositionSample.value(of: metric, in: String(buffer: body)) else {
                return unavailable("the exporter has no \(metric)")
            }
            return .exporter(try Ratio(String(value)))
        } catch let error as AmountError {
            return unavailable("\(metric) is not a number: \(error)")
        } catch {
            return unavailable("\(error)")
        }
    }

    private func unavailable(_ reason: String) -> HeatSource {
        logger.warning(
            "no heat from the exporter: budgets are computed without heat", metadata: ["reason": "\(reason)"])
        return .exporter(nil)
    }
}
