import Deployment
import Dispatch
import GateAPI
import GateHost
import Platform
import Redis
import TradingState

/// One simulated run of hosts and the model. A seed determines all events.
///
/// Exactly one of the hosts' threads runs at any time. It runs until its host waits for Redis. Then it draws and
/// performs events until one resumes a host, and wakes that host's thread.
///
/// Safe: the hand-over orders all accesses of one thread before those of the next.
final class Schedule: @unchecked Sendable {
    let seed: UInt64
    var random: Randomness
    let server: ModelServer
    let audit: Audit
    private(set) var trace: [String]?
    var workload: Workload
    var phase = Phase.faulty
    /// The hosts that have not finished, in the order of their start.
    var hosts: [SimulatedHost] = []
    /// The links that the server believes to be open, in the order of their creation.
    var links: [Link] = []
    var faults: FaultPlan
    var counts = Counts()
    /// The number of steps after which the faults end; set once all plans are published.
    var lastFault = Int.max
    /// The consumer names of crashed hosts.
    private var orphanedNames: [String] = []
    private var candidates: [(weight: Int, action: Action)] = []
    var nextClient = 1
    private var operations = 0
    private var looks: UInt64 = 0
    /// The time stamp of each symbol's newest snapshot.
    var snapshots = [Int64](repeating: 0, count: Workload.symbols.count)
    /// The server's event loop executes all commands of a connection once in this many turns.
    let turnInterval: Int
    let configuration: HostConfiguration
    let deployment: Deployment
    private let threads: [HostThread]
    private let done: DispatchSemaphore
    private let origin = ContinuousClock.now

    static let start: Int64 = 1_795_000_000_000
    /// No schedule needs nearly as many steps; a schedule that reaches the limit makes no progress.
    private static let maximumSteps = 50_000
    private static let maximumOperations = 200_000
    static let mostHosts = 3

    enum Phase {
        /// Plans are published, and faults happen.
        case faulty
        /// No more faults, until all entries are decided.
        case draining
        /// The hosts are told to leave.
        case stopping
        /// An invariant is violated; all hosts leave at once.
        case aborting
    }

    init(
        seed: UInt64, flaws: ModelFlaws, isTraced: Bool, deployment: Deployment, threads: [HostThread],
        done: DispatchSemaphore
    ) {
        self.seed = seed
        self.deployment = deployment
        self.threads = threads
        self.done = done
        var random = Randomness(seed: seed)
        configuration = Self.vary(deployment.configuration, &random)
        faults = FaultPlan(&random)
        workload = Workload(&random)
        turnInterval = random.number(1...8)
        // Some schedules begin with the key that transactions need, and in some of those it expires soon.
        let commitsLife: Int64? =
            random.once(in: 2) ? nil : random.once(in: 4) ? Int64(random.number(50...5_000)) : 86_400_000
        self.random = random
        trace = isTraced ? [] : nil
        server = ModelServer(time: Self.start, flaws: flaws)
        audit = Audit(symbols: Workload.symbols, maximumDeliveries: configuration.containment.maxDeliveries)
        server.audit = audit
        if let commitsLife { server.set(CommitKeys.commits, text: "1", lifetime: commitsLife) }
        if isTraced {
            audit.note = { [unowned self] in note($0) }
            let intake = configuration.intake
            note(
                "batch \(intake.batch), block \(intake.block), "
                    + "claim after \(intake.claimAfter) every \(intake.claimInterval), "
                    + "cache \(intake.cacheRecords), timeout \(configuration.redis.commandTimeout), "
                    + "shares \(configuration.answers.reservationTTL), margin \(configuration.answers.shownMargin)"
            )
        }
    }

    private static func vary(_ configuration: HostConfiguration, _ random: inout Randomness) -> HostConfiguration {
        var configuration = configuration
        configuration.intake.batch = random.number(1...8)
        configuration.intake.block = .milliseconds([50, 100, 250][random.number(0...2)])
        configuration.intake.claimAfter = .milliseconds(random.number(1_000...2_000))
        configuration.intake.claimInterval = .milliseconds(random.number(100...3_000))
        configuration.intake.cacheRecords = !random.once(in: 5)
        configuration.redis.commandTimeout = .milliseconds(random.number(300...2_500))
        configuration.answers.reservationTTL = .seconds(random.number(2...120))
        configuration.answers.permitTTL = min(configuration.answers.permitTTL, configuration.answers.reservationTTL)
        configuration.answers.shownMargin = .milliseconds(random.once(in: 2) ? 0 : random.number(0...1_000))
        return configuration
    }

    var claimAfter: Duration { configuration.intake.claimAfter }
    var group: ModelGroup? { server.lookupStream(configuration.intake.stream)?.group(configuration.intake.group) }
    var stream: String { configuration.intake.stream }

    /// Starts the schedule from a thread that is none of the hosts'. `done` is signalled at its end.
    func begin() {
        if let host = choose() { host.thread.resume() } else { done.signal() }
    }

    /// The result of a finished schedule.
    func result() -> ScheduleResult {
        if audit.violation == nil {
            audit.close(
                server, stream: stream, group: configuration.intake.group,
                deadLetters: configuration.answers.deadLetterStream)
            audit.checkEverythingEnds(server, life: configuration.answers.reservationTTL.milliseconds)
        }
        counts.add(server.counts)
        counts.schedules = 1
        if let violation = audit.violation { note("VIOLATION of \(violation.invariant): \(violation.what)") }
        return ScheduleResult(seed: seed, counts: counts, violation: audit.violation, trace: trace ?? [])
    }

    func note(_ text: @autoclosure () -> String) {
        guard trace != nil else { return }
        let time = server.time - Self.start
        let fraction = String(1_000 + time % 1_000).dropFirst()
        trace?.append("\(counts.steps) +\(time / 1_000).\(fraction)s \(text())")
    }
}

/// The result of a schedule.
package struct ScheduleResult: Sendable {
    package let seed: UInt64
    package let counts: Counts
    package let violation: Violation?
    /// A line for each event, if the schedule is traced.
    package let trace: [String]
}

// MARK: Time

extension Schedule {
    func instant(at time: Int64) -> ContinuousClock.Instant { origin + .milliseconds(time - Self.start) }

    /// Nanoseconds, never the same twice, because hosts make unique names from them.
    func monotonic() -> UInt64 {
        looks += 1
        return UInt64(server.time) * 1_000_000 + looks
    }

    /// A deadline in milliseconds, rounded up.
    func time(of instant: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = (instant - origin).components
        return Self.start + seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

// MARK: Turns

extension Schedule {
    /// A waiting host calls this on its thread. Returns when the host's turn comes.
    func yield(_ host: SimulatedHost) {
        guard let next = choose(), next !== host else { return }
        next.thread.resume()
        host.thread.suspend()
    }

    /// A finished host calls this on its thread, as its last action.
    func finished(_ host: SimulatedHost) {
        note("\(host.name) has \(host.hasCrashed ? "crashed" : "left")")
        hosts.removeAll { $0 === host }
        if let next = choose() { next.thread.resume() } else { done.signal() }
    }

    /// Draws events until one resumes a host. Returns `nil` when the schedule is over.
    private func choose() -> SimulatedHost? {
        while true {
            if audit.violation != nil { phase = .aborting }
            if phase == .aborting {
                for host in hosts { host.crash() }
                return hosts.first
            }
            counts.steps += 1
            if counts.steps > Self.maximumSteps || operations > Self.maximumOperations {
                audit.fail(
                    "progress", "after \(counts.steps) steps and \(operations) operations undecided: \(audit.undecided)"
                )
                continue
            }
            for host in hosts where isDue(host) { host.state = .ready }
            movePhase()
            if phase == .stopping, hosts.isEmpty { return nil }
            guard let action = draw() else {
                audit.fail("progress", "nothing can happen any more")
                continue
            }
            if let host = perform(action) {
                note("\(host.name) goes on")
                return host
            }
        }
    }

    private func isDue(_ host: SimulatedHost) -> Bool {
        switch host.state {
        case .ready: false
        case .receiving(let link, let end): link.hasArrived || link.isCut || server.time >= end
        case .pausing(let end): server.time >= end
        }
    }

    private func movePhase() {
        switch phase {
        case .faulty:
            guard workload.isEmpty else { return }
            if lastFault == .max { lastFault = counts.steps + random.number(0...300) }
            if counts.steps >= lastFault || audit.isComplete { drain() }
        case .draining:
            if let group { audit.checkNothingIsLost(group) }
            guard audit.isComplete, let group, group.pending.isEmpty,
                !links.contains(where: { $0.isOrphan && !$0.posted.isEmpty })
            else { return }
            note("all is decided: hosts are told to leave")
            phase = .stopping
            for host in hosts { host.stop() }
        case .stopping, .aborting: return
        }
    }

    /// Ends the faults: each host goes on, leaves or crashes, and a fresh one starts.
    private func drain() {
        note("the faults end")
        phase = .draining
        faults.left = 0
        for link in links { link.stalledUntil = 0 }
        for host in hosts {
            switch random.number(0...2) {
            case 0: break
            case 1:
                note("\(host.name) is told to leave")
                host.stop()
            default: crash(host)
            }
        }
        startHost(isFresh: true)
    }

    private func draw() -> Action? {
        candidates.removeAll(keepingCapacity: true)
        addPossible(to: &candidates)
        if candidates.isEmpty {
            guard let next = nextEvent else { return hosts.isEmpty ? .start : nil }
            return .advance(to: next)
        }
        if faults.left > 0, random.once(in: faults.interval) { return .fault }
        addOptional(to: &candidates)
        let total = candidates.reduce(0) { $0 + $1.weight }
        var point = random.number(0...total - 1)
        for candidate in candidates {
            point -= candidate.weight
            if point < 0 { return candidate.action }
        }
        return nil
    }
}

// MARK: Hosts and links

extension Schedule {
    func startHost(isFresh: Bool = false) {
        guard let thread = threads.first(where: { thread in !hosts.contains { $0.thread === thread } }) else { return }
        let number = counts.hosts + 1
        let name = !isFresh && random.once(in: 2) ? random.element(orphanedNames) : nil
        if let name { orphanedNames.removeAll { $0 == name } }
        let host = SimulatedHost(number, consumer: name ?? "consumer-\(number)", thread: thread, self)
        counts.hosts += 1
        let smallestTransaction = random.once(in: 6) ? Int.max : random.number(1...3)
        note("\(host.name) starts as \(host.consumer), with transactions from \(smallestTransaction) entries on")
        hosts.append(host)
        host.start(configuration, deployment, smallestTransaction: smallestTransaction)
    }

    func crash(_ host: SimulatedHost) {
        guard !host.hasCrashed else { return }
        note("\(host.name) crashes")
        counts.crashes += 1
        host.crash()
        orphanedNames.append(host.consumer)
        for link in links where link.host === host { loseReplies(link) }
    }

    /// Counts the replies that are lost with a link.
    func loseReplies(_ link: Link) {
        counts.lostReplies += link.commitReplies
        link.commitReplies = 0
    }

    func connect(_ host: SimulatedHost) -> Link {
        let link = Link(ModelClient(number: nextClient), host, self)
        nextClient += 1
        note("\(host.name) connects as client \(link.client.number)")
        server.add(link.client)
        links.append(link)
        return link
    }

    func refusesConnection(_ host: SimulatedHost) -> Bool {
        operations += 1
        guard faults.left > 0, faults.refusesConnections, random.once(in: 12) else { return false }
        note("\(host.name) is refused a connection")
        faults.left -= 1
        counts.refusedConnections += 1
        return true
    }

    /// The number of commands that are sent; `nil` if the host crashes before the first.
    func sends(_ count: Int, over link: Link) -> Int? {
        operations += 1
        guard faults.left > 0, faults.crashesWhileSending, random.once(in: 60) else { return count }
        faults.left -= 1
        let sent = random.number(0...count)
        note("\(link.host.name) has sent \(sent) of \(count) commands")
        crash(link.host)
        return sent
    }

    func timedOut(_ link: Link) {
        counts.timeouts += 1
        note("\(link.host.name) has waited long enough for client \(link.client.number)")
    }

    func closed(_ link: Link) {
        operations += 1
        loseReplies(link)
    }

    /// The server notices that the host has closed the link.
    func remove(_ link: Link) {
        counts.lostCommits += link.postedCommits
        server.remove(link.client)
        links.removeAll { $0 === link }
    }
}
