/// The latencies of one contender at one rate. Percentiles are of all rounds together; a spread shows how much the
/// rounds differ.
struct CurvePoint: Codable {
    let contender: String
    let rate: Int
    let all: Percentiles
    let p50Rounds: Spread
    let p99Rounds: Spread
    /// The ratio to the baseline, round by round; `nil` for the baseline itself, and where it was not measured.
    let p50Ratio: Spread?
    let p99Ratio: Spread?
    /// The rounds in which the bench gave this rate up: plans were undecided for too long.
    let givenUp: Int

    /// Returns `nil` if no round came as far as this rate.
    /// - Parameter baseline: the baseline's rounds, in the same order.
    init?(_ contender: String, rate: Int, _ rounds: [[LoadPoint]], baseline: [[LoadPoint]]?) {
        func point(_ round: [LoadPoint]) -> LoadPoint? { round.first { $0.rate == rate } }
        let points = rounds.compactMap(point)
        let percentiles = points.map(\.percentiles)
        guard let p50 = Spread(percentiles.map(\.p50Microseconds)),
            let p99 = Spread(percentiles.map(\.p99Microseconds))
        else { return nil }
        let pairs = zip(rounds, baseline ?? []).compactMap { round, other -> (Percentiles, Percentiles)? in
            guard let mine = point(round), let theirs = point(other) else { return nil }
            return (mine.percentiles, theirs.percentiles)
        }
        func ratio(_ value: (Percentiles) -> Double) -> Spread? {
            Spread(pairs.map { value($0) / max(0.001, value($1)) })
        }
        self.contender = contender
        self.rate = rate
        all = Percentiles(points.flatMap(\.latencies))
        p50Rounds = p50
        p99Rounds = p99
        p50Ratio = ratio(\.p50Microseconds)
        p99Ratio = ratio(\.p99Microseconds)
        givenUp = points.count { !$0.isComplete }
    }
}
