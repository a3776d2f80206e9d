import Glibc
import Platform

/// The names of this process in decision records and in the consumer group.
struct HostIdentity: Sendable {
    /// The name in decision records: host name and process id.
    let host: String
    /// The name in the consumer group; unique per process unless the configuration gives one.
    let consumer: String

    init(host: String, consumer: String) {
        self.host = host
        self.consumer = consumer
    }

    init(consumer: String?, journal: CrashJournal) {
        let hostName = HostName.current() ?? "localhost"
        host = "\(hostName):\(getpid())"
        // With the name of the process before it, this process takes up the entries that the other left pending at once.
        self.consumer = consumer ?? journal.consumer(orNew: host)
    }
}
