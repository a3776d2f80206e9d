import Glibc
package import Logging
import Platform
import Synchronization

private let isBootstrapped = Atomic(false)

/// Sends the log of the whole process to standard error. swift-log can be set up only once a process, so later calls do
/// nothing.
package func bootstrapLogging(style: LogStyle, level: Logger.Level) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    let noColor = getenv("NO_COLOR").map { String(cString: $0) }
    let format = style.format(isTerminal: isTerminal, noColor: noColor)
    guard
        ProcessLog.format.withLock({ known in
            guard known == nil else { return false }
            known = format
            return true
        })
    else { return }
    let rate = LogRate()
    LoggingSystem.bootstrap { label in
        var handler = LineLogHandler(label: label, level: level, format: format, clock: UTCTime.now) {
            ProcessLog.queue.add($0)
        }
        handler.rate = rate
        return handler
    }
    _ = ProcessLog.queue
    isBootstrapped.store(true, ordering: .releasing)
    atexit { flushLog() }
}

/// Waits until all log lines are written, at most a short while: nobody may be reading them. An orderly exit does this
/// by itself. It is safe in a signal handler.
package func flushLog() {
    guard isBootstrapped.load(ordering: .acquiring) else { return }
    ProcessLog.queue.flush(nanoseconds: ProcessLog.longestFlush)
}

/// The log of this process.
private enum ProcessLog {
    static let longestFlush: UInt64 = 500_000_000
    /// Set once, before the first line.
    static let format = Mutex<LogFormat?>(nil)
    static let queue = LogQueue(descriptor: STDERR_FILENO, losses: .process) { dropped in
        let record = LogRecord(
            time: UTCTime.now(), level: .error, label: "log",
            message: "log lines were dropped, because the reader of standard error does not keep up",
            fields: [("lines", "\(dropped)")])
        return (format.withLock { $0 } ?? .json).line(of: record)
    }
}
