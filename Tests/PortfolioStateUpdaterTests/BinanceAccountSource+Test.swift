import Logging

@testable import PortfolioStateUpdater

extension BinanceAccountSource {
    /// Runs `body` with a source and its log, and closes the source afterwards.
    static func with(
        _ settings: BinanceSettings, clocks: Clocks = .system,
        _ body: (BinanceAccountSource, LogRecorder) async throws -> Void
    ) async throws {
        let log = LogRecorder()
        let source = BinanceAccountSource(settings: settings, logger: log.logger, clocks: clocks)
        do {
            try await body(source, log)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
    }

    nonisolated func failure() async -> PortfolioStateFailure? {
        do throws(PortfolioStateFailure) {
            _ = try await read()
            return nil
        } catch {
            return error
        }
    }
}
