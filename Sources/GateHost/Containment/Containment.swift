package import Deployment
import GateAPI
package import Logging
import Synchronization
import Platform
package import Telemetry
import TradingState

/// Keeps what a gate may do wrong to that gate: holds gates to their deadlines, stops asking those that fail too often,
/// gives up threads that hang in one, and remembers across a crash which gate it was.
package final class Containment: Sendable {
    /// In pipeline order.
    package let gates: [GateHealth]
    let configuration: ContainmentConfiguration
    private let journal: CrashJournal
    private let logger: Logger
    private let abandoned: Gauge
    private let posts = Mutex<[WatchedPost]>([])
    private let exempt = Mutex<[Exemption]>([])
    private let exemptCount = Atomic(0)
    private let restart = Atomic(false)

    private struct WatchedPost {
        let post: IntakePost
        var call: UInt64 = 0
        /// For how many looks it has been the same call.
        var looks = 0
        /// What its thread had used of a processor at the first of them.
        var processorTime: UInt64?
        /// When it was given up.
        var givenUp: UInt64?
    }

    /// How often the watchdog looks, and how long after its deadline a call is given up.
    static let lookInterval: Duration = .milliseconds(20)
    static let grace: Duration = .milliseconds(100)
    /// Threads that hang burn a core each, or hold memory: that many, or one for that long, and the process is to be
    /// replaced.
    static let maximumAbandoned = 8
    static let patience: Duration = .seconds(10)

    package init(
        pipeline: Pipeline, configuration: ContainmentConfiguration, journal: CrashJournal, registry: MetricRegistry,
        logger: Logger
    ) throws(MetricError) {
        self.configuration = configuration
        self.journal = journal
        self.logger = logger
        var taken: Set<Int> = []
        var gates: [GateHealth] = []
        for slot in pipeline.slots {
            let place = journal.place(of: slot.name, besides: taken)
            if let place { taken.insert(place) }
            gates.append(
                GateHealth(
                    slot, place: place, limits: configuration, metrics: try GateHealthMetrics(registry, gate: slot.name)
                ))
        }
        self.gates = gates
        abandoned = try registry.gauge(
            "gatehost_abandoned_threads", help: "Intake threads that hang in a gate and have been replaced.")
        let durable = try registry.gauge(
            "gatehost_crash_journal", help: "1 where crashes are remembered beyond this process, else 0.")
        durable.set(journal.isDurable ? 1 : 0)
        recover()
    }

    /// What an operator should know: every gate that is not asked as usual, or fails open too often.
    package var concerns: [Concern] {
        gates.compactMap { gate in
            let state = gate.breaker.state
            return state == .closed && !gate.isAlarmed
                ? nil : Concern(gate: gate.name, breaker: state, isAlarmed: gate.isAlarmed)
        }
    }

    package struct Concern: Sendable, Equatable {
        package let gate: String
        package let breaker: GateBreaker.State
        package let isAlarmed: Bool
    }

    /// Lets a gate be asked again, whatever it has done; false where there is no such gate.
    package func reset(_ name: String) -> Bool {
        guard let gate = gates.first(where: { $0.name == name }) else { return false }
        if let place = gate.place { journal.reset(place) }
        gate.breaker.reset()
        gate.noteFault(at: nil)
        gate.noteState()
        logger.notice("gate reset: it is asked again", metadata: ["gate": "\(name)"])
        return true
    }

    func breakerHasOpened(_ gate: GateHealth) {
        gate.noteState()
        logger.error(
            "gate fails too often and is not asked for a while",
            metadata: [
                "gate": "\(gate.name)", "pause": "\(configuration.breakerPause.settingText)",
                "instead": "\(gate.policy.rawValue)",
            ])
    }

    func breakerHasClosed(_ gate: GateHealth) {
        gate.noteState()
        logger.notice("gate works again and is asked as usual", metadata: ["gate": "\(gate.name)"])
    }
}

// MARK: Crashes and hangs

extension Containment {
    /// Takes up what the last process left: exemptions, latched breakers, and what it died of.
    private func recover() {
        let deaths = journal.recover()
        exempt.withLock { $0 = journal.exemptions() }
        for death in deaths {
            guard let name = death.gate, let gate = gates.first(where: { $0.name == name }) else {
                logger.critical(
                    "the last process died of a trap outside of the gates", metadata: ["entry": "\(death.entry)"])
                continue
            }
            gate.noteCrash()
            exemptEntry(death.entry, of: death.stream, from: gate, .crash)
            logger.critical(
                "the last process died in a gate; it is not asked about that intent again",
                metadata: ["gate": "\(name)", "intent_id": "\(death.entry)"])
            fault(gate)
        }
        exemptCount.store(exempt.withLock { $0.count }, ordering: .releasing)
        for gate in gates {
            if let place = gate.place {
                if journal.isLatched(place) { gate.breaker.latch() }
                gate.noteFault(at: journal.lastFault(place))
            }
            gate.noteState()
        }
    }

    /// A crash or a hang: enough of them, and the gate is not asked until a person says so.
    private func fault(_ gate: GateHealth) {
        gate.breaker.failed(at: Monotonic.nanoseconds())
        guard let place = gate.place else { return gate.noteState() }
        let count = journal.addFault(place, at: WallClock.now(), window: configuration.crashWindow)
        gate.noteFault(at: journal.lastFault(place))
        if count >= configuration.crashLimit {
            journal.latch(place)
            gate.breaker.latch()
            logger.critical(
                "gate has crashed or hung too often and is not asked until it is reset",
                metadata: [
                    "gate": "\(gate.name)", "times": "\(count)", "instead": "\(gate.policy.rawValue)",
                    "reset": "POST /gates/\(gate.name)/reset",
                ])
        }
        gate.noteState()
    }

    private func exemptEntry(_ entry: EntryID, of stream: UInt64, from gate: GateHealth, _ failure: GateFailure) {
        let exemption = Exemption(stream: stream, entry: entry, gate: gate.name, failure: failure)
        if let place = gate.place { journal.add(exemption, place: place) }
        exempt.withLock { exempt in
            exempt.append(exemption)
            if exempt.count > CrashJournal.exemptionCapacity { exempt.removeFirst() }
            exemptCount.store(exempt.count, ordering: .releasing)
        }
    }

    /// Whether any entry is exempt from any gate.
    var hasExemptions: Bool { exemptCount.load(ordering: .acquiring) > 0 }

    /// The gates not to be asked about an entry.
    func exemptions(_ stream: UInt64, _ entry: EntryID) -> [(gate: Int, failure: GateFailure)] {
        exempt.withLock { exempt in
            exempt.filter { $0.stream == stream && $0.entry == entry }
                .compactMap { exemption in
                    gates.firstIndex { $0.name == exemption.gate }.map { ($0, exemption.failure) }
                }
        }
    }

    /// What an entry has done to gates so far: `heat:gate_crash`.
    func history(_ stream: String, _ entry: EntryID) -> String {
        exemptions(StableHash.of(stream), entry).map { "\(gates[$0.gate].name):\($0.failure.rawValue)" }.joined(
            separator: ",")
    }

    /// All that was left pending of a stream has been decided.
    func decidedAll(_ stream: UInt64) {
        for exemption in exempt.withLock({ $0 }) where exemption.stream == stream { decided(stream, exemption.entry) }
    }

    /// The entry has its decision.
    func decided(_ stream: UInt64, _ entry: EntryID) {
        exempt.withLock { exempt in
            guard exempt.contains(where: { $0.stream == stream && $0.entry == entry }) else { return }
            exempt.removeAll { $0.stream == stream && $0.entry == entry }
            exemptCount.store(exempt.count, ordering: .releasing)
            journal.remove(stream: stream, entry: entry)
        }
    }
}

// MARK: The watchdog

extension Containment {
    /// Whether threads that hang can only be got rid of together with the process.
    package var needsRestart: Bool { restart.load(ordering: .acquiring) }

    /// A place for an intake thread; `nil` where too many hang.
    func makePost(stream: String, onGivenUp: @escaping @Sendable () -> Void) -> IntakePost? {
        guard let slot = journal.takeSlot(stream: StableHash.of(stream)) else { return nil }
        let post = IntakePost(stream: stream, slot: slot, onGivenUp: onGivenUp)
        posts.withLock { posts in
            posts.removeAll { $0.post.hasEnded }
            posts.append(WatchedPost(post: post))
        }
        return post
    }

    /// One look at all threads; gives up those that hang in a gate.
    func look(at now: UInt64) {
        let hanging = posts.withLock { posts in
            posts.removeAll { $0.post.hasEnded }
            abandoned.set(Double(posts.count { $0.givenUp != nil }))
            var hanging: [(IntakePost, EntryID, GateHealth)] = []
            for index in posts.indices where posts[index].givenUp == nil {
                let call = posts[index].post.slot.call
                guard call != 0, call == posts[index].call else {
                    posts[index].call = call
                    posts[index].looks = 0
                    posts[index].processorTime = call == 0 ? nil : posts[index].post.processorTime
                    continue
                }
                posts[index].looks += 1
                let entry = posts[index].post.slot.entry
                guard let gate = gate(of: call), posts[index].looks >= Self.looks(gate.deadline),
                    posts[index].post.isBusyOrWaiting(since: posts[index].processorTime, atLeast: gate.deadline),
                    posts[index].post.slot.call == call
                else { continue }
                posts[index].post.giveUp()
                posts[index].givenUp = now
                hanging.append((posts[index].post, entry, gate))
            }
            let stuck = posts.filter { $0.givenUp != nil }
            if stuck.count > Self.maximumAbandoned
                || stuck.contains(where: { now &- ($0.givenUp ?? now) > Self.patience.nanoseconds })
            {
                restart.store(true, ordering: .releasing)
            }
            return hanging
        }
        for (post, entry, gate) in hanging { replace(post, entry, gate) }
        for gate in gates { gate.noteState() }
    }

    private func replace(_ post: IntakePost, _ entry: EntryID, _ gate: GateHealth) {
        gate.noteHang()
        exemptEntry(entry, of: post.streamHash, from: gate, .deadline)
        logger.critical(
            "gate does not come back: its thread is given up, and it is not asked about that intent again",
            metadata: ["gate": "\(gate.name)", "intent_id": "\(entry)", "stream": "\(post.stream)"])
        fault(gate)
        post.replace()
    }

    private func gate(of call: UInt64) -> GateHealth? {
        let place = Int(call & 0xFF) - 1
        return place < Self.placeless ? gates.first { $0.place == place } : gates[place - Self.placeless]
    }

    /// Calls of gates without a place in the journal have that number and their index.
    static let placeless = 128

    private static func looks(_ deadline: UInt64) -> Int {
        Int((deadline &+ grace.nanoseconds) / lookInterval.nanoseconds) + 1
    }
}
