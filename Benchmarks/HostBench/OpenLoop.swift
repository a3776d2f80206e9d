import Foundation
import Redis

/// Publishes plans at a fixed rate, whatever becomes of them: who falls behind does not slow the clock that he is measured by.
struct OpenLoop {
    /// At most so many plans go out at once where the sender itself is late.
    private static let pipelineDepth = 500
    private static let leadTime: Duration = .milliseconds(50)

    let rate: Int
    let start: MonotonicTime

    init(rate: Int) {
        self.rate = rate
        start = .now() + Self.leadTime
    }

    /// When the plan with this offset ought to be sent; its latency counts from here.
    func intended(_ offset: Int) -> MonotonicTime {
        start + .nanoseconds(offset * 1_000_000_000 / rate)
    }

    func send(_ indices: Range<Int>, _ workload: Workload, socketPath: String) throws {
        let connection = try Stage.connect(socketPath)
        defer { connection.close() }
        var pipeline = RedisPipeline()
        var next = 0
        while next < indices.count {
            intended(next).wait()
            let now = MonotonicTime.now()
            let timestamp = Int(Date().timeIntervalSince1970)
            pipeline.removeAll()
            repeat {
                workload.add(indices.lowerBound + next, at: timestamp, to: &pipeline)
                next += 1
            } while next < indices.count && pipeline.count < Self.pipelineDepth && intended(next) <= now
            for reply in try connection.send(pipeline) {
                if let error = reply.error { throw BenchError("XADD: \(error)") }
            }
        }
    }
}
