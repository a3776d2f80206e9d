import SeededRandom

/// One partition of the intents. Plans arrive at random times and wait for a host.
struct PlanStream {
    struct Plan {
        let arrival: Double
        let symbol: Int
        let reserves: Bool
        /// The version of the symbol's reservations that the plan was judged by.
        var version: Int = 0
    }

    let shard: Int
    let rate: Double
    private let symbols: [Int]
    private let cumulative: [Double]
    private let reserving: Double
    private var random: SeededGenerator
    private(set) var nextArrival: Double
    private var backlog: [Plan] = []
    private var taken = 0
    /// Lanes that are blocked on the stream, longest first.
    var waiting: [Int] = []
    /// Whether the event queue holds the arrival that will wake the first of them.
    var isWatched = false
    /// The number of delivered entries that are not acknowledged.
    var pending = 0
    /// The number of writes to state records of its symbols.
    var writes = 0

    init(shard: Int, rate: Double, symbols: [Int], shares: [Double], reserving: Double, seed: UInt64) {
        self.shard = shard
        self.rate = rate
        self.symbols = symbols
        self.reserving = reserving
        var sum = 0.0
        cumulative = symbols.map { symbol in
            sum += shares[symbol]
            return sum
        }
        random = SeededGenerator(seed: seed)
        nextArrival = random.wait(rate: rate)
    }

    /// Adds the plans that have arrived by `time`; returns their number.
    mutating func admit(until time: Double) -> Int {
        let before = backlog.count
        while nextArrival <= time {
            backlog.append(
                Plan(arrival: nextArrival, symbol: symbol(at: random.unit()), reserves: random.unit() < reserving))
            nextArrival += random.wait(rate: rate)
        }
        return backlog.count - before
    }

    var isEmpty: Bool { taken == backlog.count }

    mutating func take(_ most: Int) -> [Plan] {
        let plans = Array(backlog[taken..<min(taken + most, backlog.count)])
        taken += plans.count
        if taken > 4_096, taken > backlog.count / 2 {
            backlog.removeFirst(taken)
            taken = 0
        }
        return plans
    }

    private func symbol(at unit: Double) -> Int {
        let point = unit * (cumulative.last ?? 0)
        var low = 0
        var high = symbols.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > point { high = middle } else { low = middle + 1 }
        }
        return symbols[low]
    }
}
