/// How many replicas must hold what was written before the next write, and how long they are waited for.
///
/// `WAIT` comes after the write: what too few replicas hold stands on the master all the same. It bounds how much a
/// failover can lose; it undoes nothing.
package struct ReplicaWait: Sendable, Equatable {
    package let count: Int
    package let timeout: Duration

    /// - Parameters:
    ///   - count: at least 1.
    ///   - timeout: at least a millisecond; `WAIT` would take less as for ever.
    package init(count: Int, timeout: Duration) {
        self.count = max(count, 1)
        self.timeout = max(.bounded(timeout), .milliseconds(1))
    }

    /// Whether the reply to `WAIT` says that enough replicas hold all that this connection has written.
    package func isSatisfied(by reply: RedisReply) -> Bool {
        reply.integer.map { $0 >= count } ?? false
    }
}

extension RedisPipeline {
    /// Adds `WAIT`. Send the pipeline with the wait's timeout as `extraTimeout`.
    package mutating func add(_ wait: ReplicaWait) {
        add("WAIT", String(wait.count), String(Int64(wait.timeout / .milliseconds(1))))
    }
}
