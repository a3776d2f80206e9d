/// One redis-server, which does one thing at a time in the order of arrival.
struct Shard {
    enum Work: Int, CaseIterable {
        /// Reads and commits of plans.
        case plans
        /// Publications of plans and consumptions of permits.
        case neighbours
        /// Writes of records, invalidations, and repeated reads.
        case state
        /// Claims and idle polling.
        case housekeeping
        /// Plans judged again after they lost a race for a reservation.
        case conflicts
        /// The examination of blocked readers.
        case wakes
    }

    private(set) var free = 0.0
    private(set) var busy = [Double](repeating: 0, count: Work.allCases.count)
    /// Work outside of this time is not counted.
    private let counted: Range<Double>

    init(counted: Range<Double>) {
        self.counted = counted
    }

    /// Does work that arrived before `time`, in pauses if there were any.
    mutating func absorb(_ microseconds: Double, _ work: Work, before time: Double) {
        count(microseconds, work, at: min(free, time))
        free += microseconds / 1_000_000
    }

    /// Starts a request that arrives at `time`; returns its end.
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
