import Glibc

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
        var name = [CChar](repeating: 0, count: 256)
        let length = gethostname(&name, name.count - 1) == 0 ? name.firstIndex(of: 0) ?? 0 : 0
        let hostName =
            length > 0 ? String(decoding: name[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self) : "localhost"
        host = "\(hostName):\(getpid())"
        // A process that follows one that died takes up what that left pending, at once.
        self.consumer = consumer ?? journal.consumer(orNew: host)
    }
}
