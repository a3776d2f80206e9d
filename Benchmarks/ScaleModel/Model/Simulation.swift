import SeededRandom

/// A discrete-event simulation of a fleet under load, exactly repeatable.
///
/// A host works on two batches: it judges one while Redis commits the other. So it has two lanes that share its core.
/// In each cycle a lane commits its batch and reads the next one in one exchange, reads changed records, and judges.
/// The work of publishing and consuming is charged to the shard at a lane's next visit, as work done in earlier pauses.
struct Simulation {
    private let fleet: Fleet
    private let costs: Costs
    private let habits: Habits
    private let end: Double

    private var events = EventQueue()
    private var shards: [Shard]
    private var streams: [PlanStream]
    private enum Lane {
        case busy, blocked
        /// The host's other lane is blocked on the stream, and one is enough.
        case parked
    }

    private static let lanesPerHost = 2
    private var lanes: [Lane]
    private var batches: [[PlanStream.Plan]]
    private var hostFree: [Double]
    private var writesSeen: [Int]
    private var hostBusy: [Double]
    private var streamsOfShard: [[Int]]
    /// The number of reservations per symbol, and the exchange that made the last one.
    private var versions: [Int]
    private var reservedBy: [Int]
    private var mark: [Int]
    private var exchange = 0
    private var random: SeededGenerator
    private var result: Load

    /// - Parameter rate: plans per second of the whole fleet.
    init(_ fleet: Fleet, _ costs: Costs, _ habits: Habits, rate: Double, seconds: Double, seed: UInt64) {
        self.fleet = fleet
        self.costs = costs
        self.habits = habits
        end = seconds
        let warm = seconds * 0.25
        shards = (0..<fleet.shards).map { _ in Shard(counted: warm..<seconds) }
        streams = (0..<fleet.streams).map { stream in
            PlanStream(
                shard: fleet.shard(ofStream: stream), rate: rate * fleet.shareOfStream[stream],
                symbols: fleet.symbolsOfStream[stream],
                shares: fleet.symbolShares, reserving: habits.reserving, seed: seed &+ UInt64(stream) &* 7_919)
        }
        lanes = Array(repeating: .busy, count: fleet.hosts * Self.lanesPerHost)
        batches = Array(repeating: [], count: lanes.count)
        hostFree = Array(repeating: 0, count: fleet.hosts)
        writesSeen = Array(repeating: 0, count: fleet.hosts)
        hostBusy = Array(repeating: 0, count: fleet.hosts)
        streamsOfShard = Array(repeating: [], count: fleet.shards)
        versions = Array(repeating: 0, count: fleet.symbols)
        reservedBy = Array(repeating: 0, count: fleet.symbols)
        mark = Array(repeating: 0, count: fleet.symbols)
        random = SeededGenerator(seed: seed)
        result = Load(from: warm, to: seconds)
        for stream in 0..<fleet.streams { streamsOfShard[fleet.shard(ofStream: stream)].append(stream) }
    }

    mutating func run() -> Load {
        for lane in lanes.indices { events.add(.request(lane: lane), at: random.unit() * costs.roundTrip / 1_000_000) }
        for shard in shards.indices { events.add(.write(shard: shard), at: random.wait(rate: writeRate(shard))) }
        for stream in streams.indices { events.add(.claim(stream: stream), at: random.wait(rate: claimRate(stream))) }
        while let event = events.next(), event.time < end {
            switch event.kind {
            case .request(let lane): request(lane, event.time)
            case .arrival(let stream): wake(stream, event.time)
            case .write(let shard): write(shard, event.time)
            case .claim(let stream): claim(stream, event.time)
            case .claimRest(let stream, let entries): scan(stream, entries, event.time)
            }
        }
        for index in streams.indices { result.arrived(streams[index].admit(until: end)) }
        return result.finished(shards: shards, hostBusy: hostBusy)
    }

    // A lane's request: the commit of its batch, then the next read.
    private mutating func request(_ lane: Int, _ time: Double) {
        let stream = fleet.stream(ofHost: lane / Self.lanesPerHost)
        let shard = streams[stream].shard
        exchange += 1
        let lost = commit(lane, stream, shard, time)
        guard lost.isEmpty else {
            let completion = shards[shard].serve(
                at: time, (.conflicts, Double(distinctSymbols(lost)) * costs.stateRead))
            return judge(lane, lost, completion, readsRecords: true)
        }
        admit(stream, until: max(time, shards[shard].free))
        deliver(lane, stream, at: time)
    }

    /// Returns the plans that lost a race.
    private mutating func commit(_ lane: Int, _ stream: Int, _ shard: Int, _ time: Double) -> [PlanStream.Plan] {
        let plans = batches[lane]
        guard !plans.isEmpty else { return [] }
        batches[lane] = []
        var lost: [PlanStream.Plan] = []
        var decided: [Double] = []
        var reserved = false
        for plan in plans {
            if plan.reserves, reservedBy[plan.symbol] != exchange {
                guard versions[plan.symbol] == plan.version else {
                    lost.append(plan)
                    continue
                }
                reservedBy[plan.symbol] = exchange
                versions[plan.symbol] += 1
                reserved = true
            }
            decided.append(plan.arrival)
        }
        if reserved { inform(partner(lane)) }
        let won = Double(decided.count)
        let completion = shards[shard].serve(
            at: time, (.plans, costs.commit + won * costs.commitPlan),
            (.conflicts, Double(lost.count) * costs.conflictPlan))
        streams[stream].pending -= decided.count
        shards[shard].absorb(won * costs.consume, .neighbours, before: completion)
        result.conflicts(lost.count, at: completion)
        for arrival in decided { result.decided(arrival, at: completion) }
        return lost
    }

    private mutating func admit(_ stream: Int, until time: Double) {
        let count = streams[stream].admit(until: time)
        result.arrived(count)
        shards[streams[stream].shard].absorb(Double(count) * costs.publish, .neighbours, before: time)
    }

    /// A host's own new reservations do not make its other batch lose a race.
    private mutating func inform(_ lane: Int) {
        for index in batches[lane].indices {
            let symbol = batches[lane][index].symbol
            if reservedBy[symbol] == exchange, batches[lane][index].version == versions[symbol] - 1 {
                batches[lane][index].version += 1
            }
        }
    }

    private func partner(_ lane: Int) -> Int { lane ^ 1 }

    /// Answers a lane's read, or blocks it.
    private mutating func deliver(_ lane: Int, _ stream: Int, at time: Double) {
        let shard = streams[stream].shard
        let host = lane / Self.lanesPerHost
        let plans = streams[stream].take(habits.batch)
        guard !plans.isEmpty else {
            shards[shard].serve(at: time, (.plans, costs.read))
            guard lanes[partner(lane)] != .blocked else { return lanes[lane] = .parked }
            lanes[lane] = .blocked
            streams[stream].waiting.append(lane)
            return watch(stream, time)
        }
        lanes[lane] = .busy
        streams[stream].pending += plans.count
        let changed = min(
            streams[stream].writes - writesSeen[host], fleet.symbolsOfStream[stream].count * habits.recordsPerSymbol)
        writesSeen[host] = streams[stream].writes
        let records = changed + (habits.reserving > 0 ? distinctSymbols(plans) : 0)
        let completion = shards[shard].serve(
            at: time, (.plans, costs.read + costs.fence + Double(plans.count) * costs.readPlan),
            (.state, Double(records) * costs.stateRead))
        judge(lane, plans, completion, readsRecords: records > 0)
        if lanes[partner(lane)] == .parked {
            lanes[partner(lane)] = .busy
            events.add(.request(lane: partner(lane)), at: completion + costs.roundTrip / 1_000_000)
        }
    }

    /// Reads changed records in a round trip of their own; then the host judges and sends its commit.
    private mutating func judge(_ lane: Int, _ plans: [PlanStream.Plan], _ replied: Double, readsRecords: Bool) {
        batches[lane] = plans.map { plan in
            var plan = plan
            plan.version = versions[plan.symbol]
            return plan
        }
        let host = lane / Self.lanesPerHost
        let halfTrip = costs.roundTrip / 2_000_000
        let work = (costs.hostBatch + Double(plans.count) * costs.hostPlan) / 1_000_000
        let start = max(hostFree[host], replied + (readsRecords ? 3 : 1) * halfTrip)
        hostFree[host] = start + work
        if start >= result.from, start < end { hostBusy[host] += work }
        events.add(.request(lane: lane), at: hostFree[host] + halfTrip)
    }

    private mutating func distinctSymbols(_ plans: [PlanStream.Plan]) -> Int {
        exchange += 1
        var count = 0
        for plan in plans where mark[plan.symbol] != exchange {
            mark[plan.symbol] = exchange
            count += 1
        }
        return count
    }

    // Publishes a plan, and delivers it to the longest blocked host unless another host has just taken it.
    private mutating func wake(_ stream: Int, _ time: Double) {
        streams[stream].isWatched = false
        let shard = streams[stream].shard
        admit(stream, until: max(time, shards[shard].free))
        if !streams[stream].isEmpty, !streams[stream].waiting.isEmpty {
            let lane = streams[stream].waiting.removeFirst()
            shards[shard].serve(at: time, (.wakes, Double(streams[stream].waiting.count) * costs.blockedReader))
            lanes[lane] = .busy
            deliver(lane, stream, at: time)
        }
        watch(stream, time)
    }

    private mutating func watch(_ stream: Int, _ time: Double) {
        guard !streams[stream].waiting.isEmpty, !streams[stream].isWatched else { return }
        streams[stream].isWatched = true
        events.add(.arrival(stream: stream), at: max(time, streams[stream].nextArrival))
    }

    // Writes a state record of a stream, and sends invalidations to the stream's hosts.
    private mutating func write(_ shard: Int, _ time: Double) {
        let members = streamsOfShard[shard]
        let stream = members[min(Int(random.unit() * Double(members.count)), members.count - 1)]
        shards[shard].serve(
            at: time, (.state, costs.stateWrite + Double(fleet.hostsOfStream[stream]) * costs.invalidation))
        streams[stream].writes += 1
        events.add(.write(shard: shard), at: time + random.wait(rate: writeRate(shard)))
    }

    private func writeRate(_ shard: Int) -> Double {
        habits.stateWrites * Double(streamsOfShard[shard].reduce(0) { $0 + fleet.symbolsOfStream[$1].count })
    }

    // A host of the stream claims pending entries.
    private mutating func claim(_ stream: Int, _ time: Double) {
        let hosts = max(1, fleet.hostsOfStream[stream])
        let idle = Double(streams[stream].waiting.count) / Double(hosts)
        shards[streams[stream].shard].serve(
            at: time, (.housekeeping, costs.claim + idle * costs.read * habits.claimInterval / habits.block))
        scan(stream, streams[stream].pending, time)
        events.add(.claim(stream: stream), at: time + random.wait(rate: claimRate(stream)))
    }

    private mutating func scan(_ stream: Int, _ entries: Int, _ time: Double) {
        let now = min(entries, habits.claimChunk)
        guard now > 0 else { return }
        let completion = shards[streams[stream].shard].serve(
            at: time, (.housekeeping, Double(now) * costs.claimPending))
        events.add(.claimRest(stream: stream, entries: entries - now), at: completion + costs.roundTrip / 1_000_000)
    }

    private func claimRate(_ stream: Int) -> Double { Double(fleet.hostsOfStream[stream]) / habits.claimInterval }
}
