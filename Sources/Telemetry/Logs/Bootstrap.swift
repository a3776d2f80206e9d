package import Logging
import Platform
import Synchronization

private let isBootstrapped = Atomic(false)

/// Sends the log of the whole process to standard error. swift-log can be set up only once a process, so later calls do
/// nothing.
package func bootstrapLogging(style: LogStyle, level: Logger.Level) {
    guard !isBootstrapped.exchange(true, ordering: .relaxed) else { return }
    let format = style.format(isTerminal: StandardError.isTerminal, noColor: StandardError.noColor)
    LoggingSystem.bootstrap { label in
        LineLogHandler(label: label, level: level, format: format, clock: UTCTime.now) { StandardError.emit($0) }
    }
}
