import Glibc
import Platform

/// This process's names in records and in the consumer group.
package struct HostIdentity: Sendable {
    /// In decision records: host name and process id.
    let host: String
    /// The name in the consumer group; unique per process unless the configuration gives one.
    let consumer: String

    package init(host: String, consumer: String) {
        self.host = host
        self.consumer = consumer
    }

    init(consumer: String?, journal: CrashJournal) {
        host = "\(HostName.current() ?? "localhost"):\(getpid())"
        // A process that follows a dead one takes its name, so that it decides the pending entries at once.
        self.consumer = consumer ?? journal.consumer(orNew: host)
    }
}
