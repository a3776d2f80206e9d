import Deployment
import GateAPI
import Synchronization
import Testing
import TestSupport

@testable import GateHost

/// The work that the pipeline leaves to its caller, and its calls to it.
@Suite("Gate caller")
struct GateCallerTests {
    /// Notes every call, refuses one gate, and gives every gate a time of its own.
    private final class NotedCalls: GateCaller {
        let refused: Int?
        let policy: FailurePolicy
        let notes = Mutex<[String]>([])

        init(refused: Int? = nil, policy: FailurePolicy = .allow) {
            self.refused = refused
            self.policy = policy
        }

        private func note(_ text: String) { notes.withLock { $0.append(text) } }

        func beginRequests(of entry: EntryID) { note("requests") }

        func mayRequest(_ gate: Int) -> Bool { gate != refused }

        func beginDecision(on entry: EntryID) { note("decision") }

        func ask(
            _ gate: Int, _ evaluator: GateEvaluator, about intent: Intent, _ inputs: Inputs, _ result: inout GateResult
        ) -> Bool {
            note("ask \(gate)")
            result.nanoseconds = UInt64(gate) + 1
            guard gate != refused else {
                result.gateVerdict.refuse(.breakerOpen)
                return false
            }
            return evaluator.evaluate(intent, inputs, &result.gateVerdict)
        }

        func settle(_ gate: Int, _ verdict: VerdictKind) { note("settle \(gate) \(verdict)") }

        func failurePolicy(of gate: Int, _ slot: GateSlot) -> FailurePolicy { policy }

        func end() { note("end") }
    }

    private static func pipeline() throws -> Pipeline {
        let gates = ["alpha", "beta", "gamma"].map { "  - { gate: \($0), mode: enforce }" }
        return Pipeline(gates: try TestConfiguration.make(gates.joined(separator: "\n")).gates)
    }

    private func decide(
        _ asks: [String: String] = [:], _ calls: NotedCalls,
        _ inputs: Inputs = Inputs(now: Timestamp(seconds: 1_795_354_622))
    ) throws -> Decision {
        let pipeline = try Self.pipeline()
        let pairs = Plans.open("plan-1") + asks.map { ("ask-\($0.key)", $0.value) }
        return pipeline.decide(Plans.entry(pairs), inputs, reusing: [], through: calls)
    }

    @Test("every gate is asked through the caller, in order, and plain passes need no settling")
    func order() throws {
        let calls = NotedCalls()
        #expect(try decide(calls).outcome == .permit)
        #expect(calls.notes.withLock { $0 } == ["decision", "ask 0", "ask 1", "ask 2", "end"])
    }

    private func decide(_ calls: NotedCalls) throws -> Decision { try decide([:], calls) }

    @Test("the caller settles the verdict that stands: an amendment that grows the intent has failed")
    func settling() throws {
        let calls = NotedCalls()
        _ = try decide(["alpha": "grow", "beta": "block", "gamma": "amend"], calls)
        #expect(
            calls.notes.withLock { $0.filter { $0.hasPrefix("settle") } }
                == ["settle 0 failed", "settle 1 block", "settle 2 amend"])
    }

    @Test("a gate that the caller refuses has failed, and the caller's policy says what follows")
    func refusal() throws {
        let open = try decide(NotedCalls(refused: 1))
        #expect(open.outcome == .permit)
        #expect(open.results[1].reason == "breaker_open")
        #expect(open.results[1].effect == .failedOpen)
        let capped = try decide(NotedCalls(refused: 1, policy: .deny))
        #expect(capped.outcome == .permit)
        #expect(capped.permit?.isCapped == true)
        #expect(capped.results[1].effect == .failedCapped)
        let closed = try decide([:], NotedCalls(refused: 1, policy: .deny), .flat)
        #expect(closed.outcome == .block)
        #expect(closed.gate == "beta")
        #expect(closed.results[1].effect == .failedClosed)
    }

    @Test("times in results are the caller's; direct calls measure none, even in memory that is used again")
    func times() throws {
        let timed = try decide(NotedCalls())
        #expect(timed.results.map(\.nanoseconds) == [1, 2, 3])
        let pipeline = try Self.pipeline()
        let direct = pipeline.decide(
            Plans.entry(Plans.open("plan-2")), Inputs(now: Timestamp(seconds: 1_795_354_622)), reusing: timed.results)
        #expect(direct.results.map(\.nanoseconds) == [0, 0, 0])
    }
}
