/// Sends plans and records when their decisions become visible, on one thread with two connections. On a machine with
/// few cores, two threads would take processor time from the contender.
struct Traffic: ~Copyable {
    /// A late sender sends at most this many plans at once.
    private static let burst = 512
    private static let longestWait: UInt64 = 50_000_000

    private var sender: PlanSender
    private var follower: DecisionFollower

    /// Follows the decisions from behind the entry `last`.
    init(_ workload: Workload, socketPath: String, after last: String) throws {
        let sender = try PlanSender(workload, socketPath: socketPath)
        let follower = try DecisionFollower(workload, socketPath: socketPath, after: last)
        self.sender = sender
        self.follower = follower
        TimerSlack.setShortest()
    }

    deinit {
        TimerSlack.restore()
    }

    /// Sends the plans and waits for all their decisions.
    /// - Parameter patience: the run ends early when a plan is undecided for so long after it was due.
    mutating func run(_ indices: Range<Int>, _ pace: Pace, limit: Duration, patience: Duration? = nil) throws -> Run {
        let longest = patience.map { UInt64($0 / .nanoseconds(1)) }
        let start = MonotonicTime.now()
        let deadline = start + limit
        var moments = [UInt64](repeating: 0, count: indices.count)
        var sent = 0
        var decided = 0
        var oldest = 0
        while decided < indices.count {
            let now = MonotonicTime.now()
            guard now < deadline else {
                throw BenchError("\(indices.count - decided) of \(indices.count) plans got no decision within \(limit)")
            }
            while oldest < sent, moments[oldest] > 0 { oldest += 1 }
            let elapsed = now.nanoseconds(since: start)
            if let longest, let intended = pace.intended(oldest), elapsed > intended + longest {
                return Run(decided: moments, elapsed: elapsed, isComplete: false)
            }
            let due = min(indices.count, pace.due(after: elapsed, decided: decided))
            let next = min(due, sent + Self.burst)
            if next > sent {
                try sender.send(indices.lowerBound + sent..<indices.lowerBound + next)
                sent = next
            }
            if sender.isReadDue { try sender.readAnswers() }
            try sender.socket.flush()
            let wait =
                if sent < due {
                    UInt64(0)
                } else if sent < indices.count, let intended = pace.intended(sent) {
                    start.nanoseconds(until: intended)
                } else {
                    Self.longestWait
                }
            guard
                WireSocket.wait(
                    sender.socket, reading: sender.isReadDue, follower.socket, nanoseconds: min(wait, Self.longestWait))
            else { continue }
            var visible: UInt64?
            try follower.read { plan in
                guard indices.contains(plan), moments[plan - indices.lowerBound] == 0, plan - indices.lowerBound < sent
                else {
                    throw BenchError("an unexpected decision on the plan \(PlanID.text(plan))")
                }
                let moment = visible ?? MonotonicTime.now().nanoseconds(since: start)
                visible = moment
                moments[plan - indices.lowerBound] = moment
                decided += 1
            }
        }
        try sender.finish()
        return Run(decided: moments, elapsed: MonotonicTime.now().nanoseconds(since: start), isComplete: true)
    }
}
