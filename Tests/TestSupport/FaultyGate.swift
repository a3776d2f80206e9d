package import Dispatch
package import GateAPI
import GateHost
import Synchronization
import Platform

/// A gate that fails as the intent's field `ask-faulty` says: throw, hang, spin, spin-once, sleep.
package struct FaultyGate: Gate {
    package typealias Settings = NoSettings

    package enum Reason: String, ReasonCode {
        case never
        package var summary: String { "Never given." }
    }

    package static let name = "faulty"
    package static let summary = "Fails as the plan asks."
    package static var records: [any StateRecord.Type] { [] }

    /// Calls that hang wait for this semaphore.
    package static let release = DispatchSemaphore(value: 0)
    private static let asked = Atomic(0)
    /// The number of calls by all tests of the process.
    package static var calls: Int { asked.load(ordering: .relaxed) }

    private static let hasSpun = Atomic(false)

    package init(settings: NoSettings) {}

    private static func spin() {
        let start = Monotonic.nanoseconds()
        while Monotonic.nanoseconds() &- start < 30_000_000 {}
    }

    package func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        Self.asked.wrappingAdd(1, ordering: .relaxed)
        switch intent.fields[named: "ask-faulty"] {
        case "throw": throw ScriptedError()
        case "hang": Self.release.wait()
        case "spin": Self.spin()
        case "spin-once": if !Self.hasSpun.exchange(true, ordering: .relaxed) { Self.spin() }
        case "sleep": Monotonic.sleep(nanoseconds: 30_000_000)  // Past the gate's deadline.
        default: break
        }
        return .pass
    }
}
