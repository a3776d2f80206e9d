import GateAPI
import Logging
import Synchronization

/// Tells of symbols without any record, each now and then: one plan in a hundred thousand shows in no rate.
package final class UnknownSymbols: Sendable {
    /// The time between two lines about one symbol.
    private static let pause: Duration = .seconds(600)
    /// More symbols are counted and not told.
    private static let mostSymbols = 100

    private let told = Mutex<[String: Timestamp]>([:])

    func note(_ symbol: String, at now: Timestamp, _ logger: Logger) {
        let isNews = told.withLock { told in
            if let last = told[symbol], now.since(last) < Self.pause { return false }
            if told.count >= Self.mostSymbols { told = told.filter { now.since($0.value) < Self.pause } }
            guard told[symbol] != nil || told.count < Self.mostSymbols else { return false }
            told[symbol] = now
            return true
        }
        guard isNews else { return }
        logger.error(
            "a plan names a symbol without any record; gates pass its plans unjudged", metadata: ["symbol": "\(symbol)"]
        )
    }
}
