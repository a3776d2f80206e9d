import Glibc
import Platform

/// How this process calls itself in records and in the consumer group.
struct HostIdentity: Sendable {
    /// In decision records: host name and process id.
    let host: String
    /// In the consumer group; unique per process unless the configuration names one.
    let consumer: String

    init(host: String, consumer: String) {
        self.host = host
        self.consumer = consumer
    }

    init(consumer: String?, journal: CrashJournal) {
        let hostName = HostName.current() ?? "localhost"
        host = "\(hostName):\(getpid())"
        // A process that follows one that died takes up what that left pending, at once.
        self.consumer = consumer ?? journal.consumer(orNew: host)
    }
}
