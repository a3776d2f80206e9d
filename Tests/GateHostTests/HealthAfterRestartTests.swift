import Deployment
import GateAPI
@testable import GateHost
import Logging
import Platform
import Telemetry
import TestSupport
import Testing

/// A gate's health outlives its process, in the crash journal.
@Suite("Gate health after a restart")
struct HealthAfterRestartTests {
    private let journal = CrashJournal()

    /// The containment of a process that starts now.
    private func start(_ sections: String = "") throws -> Containment {
        let configuration = try TestConfiguration.make(
            "  - { gate: alpha, mode: enforce, on_alarm: deny }", sections: "containment: { \(sections) }")
        return try Containment(
            pipeline: Pipeline(gates: configuration.gates), configuration: configuration.containment, journal: journal,
            registry: MetricRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func fail(_ containment: Containment) {
        let gate = containment.gates[0]
        while gate.breaker.state == .closed {
            gate.breaker.count(calls: 1)
            if gate.breaker.failed(at: Monotonic.nanoseconds()) { containment.noteOpened(gate) }
        }
    }

    @Test("an open breaker is open, for the rest of its pause and no longer")
    func breaker() throws {
        fail(try start("breaker_pause: 1m"))
        let gate = try start("breaker_pause: 1m").gates[0]
        #expect(gate.breaker.state == .open)
        let now = Monotonic.nanoseconds()
        #expect(!gate.breaker.isDue(at: now))
        #expect(gate.breaker.isDue(at: now &+ 60_000_000_000))

        // A setting that was shortened meanwhile holds.
        let shorter = try start("breaker_pause: 1s").gates[0]
        #expect(shorter.breaker.isDue(at: now &+ 2_000_000_000))
    }

    @Test("a breaker that probes have closed is closed, and so is one that was reset")
    func closed() throws {
        let first = try start("breaker_pause: 100ms, breaker_probes: 1")
        fail(first)
        let later = Monotonic.nanoseconds() &+ 1_000_000_000
        #expect(first.gates[0].breaker.takeProbe(at: later))
        #expect(first.gates[0].breaker.succeeded())
        first.noteClosed(first.gates[0])
        #expect(try start().gates[0].breaker.state == .closed)

        let second = try start()
        fail(second)
        #expect(second.reset("alpha"))
        #expect(try start().gates[0].breaker.state == .closed)
    }

    @Test("an alarm denies from the first plan on, and ends only after a whole window")
    func alarm() throws {
        let first = try start()
        #expect(first.gates[0].policy == .allow)
        #expect(first.gates[0].updateAlarm(unjudged: 30, of: 30, minimum: 20, isWhole: true))
        first.noteAlarm(first.gates[0])

        let second = try start()
        #expect(second.concerns.map(\.isAlarmed) == [true])
        #expect(second.gates[0].policy == .deny)
        #expect(!second.gates[0].updateAlarm(unjudged: 0, of: 0, minimum: 20, isWhole: false))
        #expect(second.gates[0].policy == .deny)
        #expect(second.gates[0].updateAlarm(unjudged: 0, of: 30, minimum: 20, isWhole: true))
        second.noteAlarm(second.gates[0])
        #expect(try start().gates[0].policy == .allow)
    }

    @Test("another gate in the same place of the journal begins healthy")
    func otherGate() throws {
        let place = try #require(journal.place(of: "old", besides: []))
        journal.setAlarm(true, place)
        journal.setBreakerPauseEnd(Timestamp(seconds: 4_000_000_000), place)
        for index in 1..<JournalLayout.gateCapacity { _ = journal.place(of: "g\(index)", besides: []) }
        let taken = Set(1..<JournalLayout.gateCapacity)
        #expect(journal.place(of: "new", besides: taken) == place)
        #expect(!journal.isAlarmed(place))
        #expect(journal.breakerPauseEnd(place) == nil)
    }
}
