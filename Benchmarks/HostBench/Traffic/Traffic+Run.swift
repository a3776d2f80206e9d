extension Traffic {
    /// The decision times of a run's plans.
    struct Run {
        /// In nanoseconds after the run's start; 0 for a plan that was not decided.
        let decided: [UInt64]
        /// The length of the run in nanoseconds.
        let elapsed: UInt64
        /// Whether every plan was decided.
        let isComplete: Bool

        /// The time from each plan's due time to its decision, or to the end of the run, beginning with the plan at
        /// `first`. Plans that were not due yet do not count.
        func latencies(at rate: Int, from first: Int) -> [UInt64] {
            let pace = Pace.rate(rate)
            return decided.indices.dropFirst(first).compactMap { offset in
                guard let due = pace.intended(offset) else { return nil }
                if decided[offset] > 0 { return decided[offset] > due ? decided[offset] - due : 0 }
                return elapsed > due ? elapsed - due : nil
            }
        }
    }
}
