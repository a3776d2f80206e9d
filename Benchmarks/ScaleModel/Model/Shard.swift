/// One redis-server: one thing at a time, first come, first served.
struct Shard {
    enum Work: Int, CaseIterable {
        /// Reading and committing plans.
        case plans
        /// Publishing plans and consuming permits.
        case neighbours
        /// Writing records, telling hosts, and their reading them again.
        case state
        /// Looking for the entries of dead hosts, and idle polling.
        case housekeeping
        /// Judging again what lost a race for a reservation.
        case conflicts
        /// Looking at blocked readers.
        case wakes
    }

    private(set) var free = 0.0
    private(set) var busy = [Double](repeating: 0, count: Work.allCases.count)
    /// Only work in this time is counted.
    private let counted: Range<Double>

    init(counted: Range<Double>) {
        self.counted = counted
    }

    /// Does work that came in some time before `time`, in the pauses if there were any.
    mutating func absorb(_ microseconds: Double, _ work: Work, before time: Double) {
        count(microseconds, work, at: min(free, time))
        free += microseconds / 1_000_000
    }

    /// Begins a request that arrives at `time`; returns when it ends.
    @discardableResult
    mutating func serve(at time: Double, _ parts: (Work, Double)...) -> Double {
        free = max(free, time)
        for (work, microseconds) in parts {
            count(microseconds, work, at: free)
            free += microseconds / 1_000_000
        }
        return free
    }

    private mutating func count(_ microseconds: Double, _ work: Work, at time: Double) {
        if counted.contains(time) { busy[work.rawValue] += microseconds / 1_000_000 }
    }
}
