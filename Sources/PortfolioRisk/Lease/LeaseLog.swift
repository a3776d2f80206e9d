import GateAPI
import Logging
import Redis

/// Logs changes of the lease: an instance that stands by for a week gives one line.
struct LeaseLog {
    private let logger: Logger
    private var term: LeaseTerm?
    private var isOwn = false
    private var isFailing = false

    init(_ logger: Logger) {
        self.logger = logger
    }

    mutating func log(_ snapshot: LeaseControl.Snapshot) {
        isFailing = false
        guard let reading = snapshot.reading, reading.term != term || reading.isOwn != isOwn else { return }
        let metadata: Logger.Metadata = ["holder": "\(reading.term.holder)", "epoch": "\(reading.term.epoch)"]
        if reading.isOwn {
            logger.notice("this instance holds the lease and writes the budgets", metadata: metadata)
        } else if isOwn {
            logger.warning("the lease is lost: another instance writes the budgets", metadata: metadata)
        } else {
            logger.notice("another instance writes the budgets; this one stands by", metadata: metadata)
        }
        term = reading.term
        isOwn = reading.isOwn
    }

    mutating func logFailure(_ error: RedisError) {
        guard !isFailing else { return }
        isFailing = true
        logger.error("the lease cannot be taken or extended", metadata: ["error": "\(error)"])
    }

    func logFollowed(_ record: ModeRecord) {
        logger.warning(
            "the mode was changed at run time; this service follows the change",
            metadata: ["mode": "\(record.mode.rawValue)", "changed_at": "\(record.changedAt.epochSeconds)"])
    }

    func logGivenUp(after limit: Duration) {
        logger.critical(
            "no cycle for too long: this instance gives the lease up, so that another may write",
            metadata: ["limit": "\(limit)"])
    }
}
