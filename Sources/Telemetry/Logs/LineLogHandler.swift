package import Logging
package import Platform

/// Writes each event as one line to a sink.
package struct LineLogHandler: LogHandler {
    /// Receives a whole line with its newline.
    package typealias Sink = @Sendable (_ line: [UInt8]) -> Void
    package typealias Clock = @Sendable () -> UTCTime

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let label: String
    private let format: LogFormat
    private let clock: Clock
    private let sink: Sink
    /// `nil` lets every line through.
    var rate: LogRate?

    package init(label: String, level: Logger.Level, format: LogFormat, clock: @escaping Clock, sink: @escaping Sink) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.clock = clock
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let message = event.message.description
        var suppressed = 0
        if let rate {
            switch rate.admit(message, event.level, label: label, at: Monotonic.nanoseconds()) {
            case .suppressed: return LogLosses.process.repeated.increment()
            case .admitted(let count): suppressed = count
            }
        }
        var fields = fields(of: event)
        if suppressed > 0 { fields["suppressed"] = "\(suppressed)" }
        sink(
            format.line(
                of: LogRecord(
                    time: clock(), level: event.level, label: label, message: message,
                    fields: fields.sorted { $0.key < $1.key })))
    }

    /// The metadata closest to the event wins: the log statement's, then the task's, then the logger's.
    private func fields(of event: LogEvent) -> Logger.Metadata {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error {
            fields["error.message"] = "\(error)"
            fields["error.type"] = "\(String(reflecting: type(of: error)))"
        }
        return fields
    }
}
