import Foundation
import Redis
import Synchronization

/// Follows the decision stream on a thread and a connection of its own, and notes when each decision became visible to a reader.
final class DecisionFollower: Sendable {
    private static let page = 1_000
    private static let blockMilliseconds = 100

    private let indices: Range<Int>
    private let outcome = Mutex<Result<[MonotonicTime], any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    /// Follows from behind the entry `start` until every plan of `indices` has its decision, or `limit` has passed.
    init(socketPath: String, after start: String, workload: Workload, indices: Range<Int>, limit: Duration) {
        self.indices = indices
        let thread = Thread { [self] in
            let result = Result { try follow(socketPath, start, workload, deadline: .now() + limit) }
            outcome.withLock { $0 = result }
            done.signal()
        }
        thread.name = "follower"
        thread.start()
    }

    /// The moments, by plan; waits for the last.
    func moments() throws -> [MonotonicTime] {
        done.wait()
        guard let result = outcome.withLock({ $0 }) else { throw BenchError("the follower ended without a result") }
        return try result.get()
    }

    private func follow(_ socketPath: String, _ start: String, _ workload: Workload, deadline: MonotonicTime) throws -> [MonotonicTime] {
        let connection = try Stage.connect(socketPath)
        defer { connection.close() }
        var moments: [MonotonicTime?] = Array(repeating: nil, count: indices.count)
        var missing = indices.count
        var last = start
        while missing > 0 {
            guard MonotonicTime.now() < deadline else { throw BenchError("\(missing) of \(indices.count) plans got no decision in time") }
            var pipeline = RedisPipeline()
            pipeline.add("XREAD", "COUNT", "\(Self.page)", "BLOCK", "\(Self.blockMilliseconds)", "STREAMS", Wire.decisions, last)
            let reply = try connection.send(pipeline, extraTimeout: .milliseconds(Self.blockMilliseconds)).first
            let now = MonotonicTime.now()
            if let error = reply?.error { throw BenchError("XREAD: \(error)") }
            guard let entries = reply?.element(0)?.element(1)?.elements else { continue }
            for entry in entries {
                guard let id = entry.element(0)?.text, let fields = entry.element(1) else { throw BenchError("XREAD answered something else than entries") }
                let record = try DecisionRecord(Array(fields.elements))
                guard let index = workload.index(ofPlanID: record.planID), indices.contains(index), moments[index - indices.lowerBound] == nil else {
                    throw BenchError("an unexpected decision on the plan \"\(record.planID)\"")
                }
                moments[index - indices.lowerBound] = now
                missing -= 1
                last = id
            }
        }
        return moments.compactMap(\.self)
    }
}
