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
        let record = LogRecord(
            time: clock(), level: event.level, label: label, message: event.message.description,
            fields: fields(of: event).sorted { $0.key < $1.key }
        )
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .text(let colored): record.appendText(to: &line, colored: colored)
        case .json: record.appendJSON(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        sink(line)
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
