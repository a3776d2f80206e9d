import GateAPI
import Logging
import Synchronization

/// Tells whether the writers of the portfolio state disagree: log, metric, health.
final class StateWriterWatch: Sendable {
    private let writers = Mutex(StateWriters())
    private let metrics: LeaseMetrics
    private let logger: Logger
    private let start = ContinuousClock.now

    init(_ metrics: LeaseMetrics, logger: Logger) {
        self.metrics = metrics
        self.logger = logger
    }

    var disagreement: String? { writers.withLock { $0.disagreement } }

    func observe(_ fields: Fields) {
        guard let record = StateWriters.Record(fields) else { return }
        let (before, after) = writers.withLock { writers in
            let before = writers.disagreement
            writers.observe(record, at: ContinuousClock.now - start)
            return (before, writers.disagreement)
        }
        metrics.record(.stateWriters, after != nil)
        if let after, before == nil {
            logger.critical("\(after): budgets follow whichever wrote last; stop one of them")
        } else if after == nil, before != nil {
            logger.notice("the portfolio state has one writer again")
        }
    }
}
