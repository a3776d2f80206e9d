/// Finds the highest rate that a contender sustains. Every search ends after a bounded number of probes.
struct CapacitySearch {
    /// The number of times that the interval is halved, on a logarithmic scale.
    var steps = 4
    /// The number of times that the search may begin higher, if what was too much turns out to be sustained.
    var climbs = 2
    /// The probes of one rate. The first that sustains it counts: other work on the machine only ever makes a contender
    /// look slower.
    var tries = 2

    /// The most probes of one search.
    var maximumProbes: Int { (steps + climbs) * tries }

    /// - Parameters:
    ///   - points: rates that were measured, ascending, and whether each was sustained.
    ///   - highest: the highest rate to probe.
    ///   - probe: measures a rate and returns whether it was sustained.
    /// - Returns: `nil` if not even the lowest rate is sustained.
    func capacity(
        _ points: [(rate: Int, isSustained: Bool)], highest: Int, probe: (Int) throws -> Bool
    ) rethrows -> Int? {
        guard let place = points.lastIndex(where: \.isSustained) else { return nil }
        func sustains(_ rate: Int) throws -> Bool {
            for _ in 0..<tries where try probe(rate) { return true }
            return false
        }
        var low = points[place].rate
        var high = place + 1 < points.count ? points[place + 1].rate : 2 * low
        var climbed = 0
        while climbed < climbs, low < highest, try sustains(min(high, highest)) {
            climbed += 1
            (low, high) = (min(high, highest), high * high / low)
        }
        high = min(high, highest)
        for _ in 0..<steps {
            let middle = Int((Double(low) * Double(high)).squareRoot())
            guard middle > low, middle < high else { break }
            if try sustains(middle) { low = middle } else { high = middle }
        }
        return low
    }
}
