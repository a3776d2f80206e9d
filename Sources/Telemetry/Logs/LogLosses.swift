/// Counts the log lines that nobody can read.
package struct LogLosses: Sendable {
    /// Found no room, because the reader of the log did not keep up.
    let dropped = Counter()
    /// The system refused to write them.
    let refused = Counter()
    /// Repeated a message too often; see ``LogRate``.
    let repeated = Counter()

    /// Of this process's log.
    package static let process = LogLosses()

    /// Shows the counts in a registry, by reason.
    package func register(_ name: String, in registry: MetricRegistry) throws(MetricError) {
        for (reason, counter) in [("queue_full", dropped), ("write_failed", refused), ("repeated", repeated)] {
            try registry.add(
                counter, name, help: "Log lines that were not written, by reason.", labels: [("reason", reason)])
        }
    }
}
