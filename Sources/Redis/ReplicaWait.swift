/// The number of replicas that must acknowledge a write before the next write, and the longest wait for them.
///
/// `WAIT` follows the write. If too few replicas acknowledge, the master still keeps the write. `WAIT` limits what a
/// failover can lose; it undoes nothing.
package struct ReplicaWait: Sendable, Equatable {
    package let count: Int
    package let timeout: Duration

    /// - Parameters:
    ///   - count: at least 1.
    ///   - timeout: at least a millisecond; `WAIT` treats 0 as no timeout.
    package init(count: Int, timeout: Duration) {
        self.count = max(count, 1)
        self.timeout = max(.bounded(timeout), .milliseconds(1))
    }

    /// Whether the reply to `WAIT` counts enough replicas.
    package func isSatisfied(by reply: RedisReply) -> Bool {
        reply.integer.map { $0 >= count } ?? false
    }
}

extension RedisPipeline {
    /// Adds `WAIT`. Pass the wait's timeout as `extraTimeout` when sending the pipeline.
    package mutating func add(_ wait: ReplicaWait) {
        add("WAIT", String(wait.count), String(Int64(wait.timeout / .milliseconds(1))))
    }
}
