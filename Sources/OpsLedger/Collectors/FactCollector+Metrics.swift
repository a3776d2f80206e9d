import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension FactCollector {
    static let maximumMetricsBytes = 4 << 20
    static let maximumMatches = 10

    func collectMetrics(_ urls: [String], patterns: [String], into facts: inout LedgerFacts) async {
        guard !urls.isEmpty else { return }
        var configuration = HTTPClient.Configuration()
        // A redirect would record another page than the URL names.
        configuration.redirectConfiguration = .disallow
        // A refused connection is a final answer.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        for url in urls {
            do {
                let text = try await Self.text(of: url, client, within: limit)
                facts.metrics += Self.sections(text, url: url, patterns: patterns)
            } catch {
                facts.metrics.append(SnapshotSection(title: "\(url): FAILED", lines: []))
                facts.warnings.append("\(redacted(url)): \(error)")
            }
        }
        try? await client.shutdown()
    }

    private static func text(of url: String, _ client: HTTPClient, within limit: Duration) async throws -> String {
        try await withDeadline(limit) {
            let nanoseconds = Int64(min(limit, .seconds(3_600)) / .nanoseconds(1))
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: .nanoseconds(nanoseconds))
            guard response.status == .ok else { throw UnexpectedStatus(code: response.status.code) }
            return String(
                decoding: try await response.body.collect(upTo: maximumMetricsBytes).readableBytesView, as: UTF8.self)
        }
    }

    /// The first few lines that match each pattern, as `grep` would print them. Without a pattern, the first samples.
    static func sections(_ text: String, url: String, patterns: [String]) -> [SnapshotSection] {
        let lines = splitLines(text)
        guard !patterns.isEmpty else {
            let samples = lines.lazy.filter { !$0.isEmpty && $0.first != "#" }.prefix(maximumMatches)
            return [SnapshotSection(title: url, lines: samples.map(String.init))]
        }
        return patterns.map { pattern in
            // The pattern was checked when the operation was normalized.
            let regex = try? Regex(pattern)
            let matches = lines.lazy.filter { line in regex.map { line.contains($0) } ?? false }.prefix(maximumMatches)
            return SnapshotSection(title: "\(url) | grep '\(pattern)'", lines: matches.map(String.init))
        }
    }
}

private struct UnexpectedStatus: Error, CustomStringConvertible {
    let code: UInt
    var description: String { "answered with status \(code)" }
}
