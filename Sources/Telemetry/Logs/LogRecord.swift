import Logging
import Platform

/// One event, ready to be printed.
struct LogRecord {
    /// Metadata nested deeper is printed as `…`, so that a line's cost has a bound.
    static let maxDepth = 8

    let time: UTCTime
    let level: Logger.Level
    let label: String
    let message: String
    /// Sorted by key, so that equal events make equal lines.
    let fields: [(key: String, value: Logger.MetadataValue)]
}
