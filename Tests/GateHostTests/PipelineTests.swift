import Deployment
import GateAPI
import GateHost
import Testing
import TestSupport

@Suite("Pipeline")
struct PipelineTests {
    private func decide(
        _ gates: String, _ asks: [String: String] = [:],
        _ inputs: Inputs = Inputs(now: Timestamp(seconds: 1_795_354_622)),
        reduceOnly: ReduceOnlySupport = .honoured
    ) throws -> Decision {
        let pipeline = Pipeline(gates: try TestConfiguration.make(gates).gates, reduceOnly: reduceOnly)
        let pairs = Plans.open("plan-1") + asks.map { ("ask-\($0.key)", $0.value) }
        return pipeline.decide(Plans.entry(pairs), inputs)
    }

    private static let all =
        "  - { gate: alpha, mode: enforce }\n  - { gate: beta, mode: enforce }\n  - { gate: gamma, mode: enforce }"

    @Test("a plan that every gate passes is permitted")
    func passes() throws {
        let decision = try decide(Self.all)
        #expect(decision.outcome == .permit)
        #expect(decision.gate.isEmpty)
        #expect(decision.reason == "all_gates_passed")
        #expect(decision.results.map(\.gate) == ["alpha", "beta", "gamma"])
        #expect(decision.permit?.quantity == (try Amount("0.01")))
        #expect(decision.permit?.notional == 1_000)
    }

    @Test("I3: the order of the file is the order of evaluation, and the first block decides")
    func order() throws {
        let reversed = "  - { gate: gamma, mode: enforce }\n  - { gate: alpha, mode: enforce }"
        let decision = try decide(reversed, ["alpha": "block", "gamma": "block"])
        #expect(decision.outcome == .block)
        #expect(decision.gate == "gamma")
        #expect(decision.results.map(\.gate) == ["gamma", "alpha"])
        #expect(decision.results.map(\.effect) == [.blocked, .blocked])
        #expect(decision.permit == nil)
    }

    @Test("a gate that is off is not called")
    func off() throws {
        let decision = try decide(
            "  - { gate: alpha, mode: off }\n  - { gate: beta, mode: enforce }", ["alpha": "block"])
        #expect(decision.outcome == .permit)
        #expect(decision.results.map(\.gate) == ["beta"])
    }

    @Test(
        "I6: shadow changes no outcome, and its verdicts equal enforce's",
        arguments: ["block", "advise", "amend", "grow", "abstain", "throw", "pass"])
    func shadow(ask: String) throws {
        let shadow = try decide("  - { gate: alpha, mode: shadow }", ["alpha": ask])
        let enforce = try decide("  - { gate: alpha, mode: enforce }", ["alpha": ask])
        #expect(shadow.outcome == .permit)
        #expect(shadow.permit?.quantity == (try Amount("0.01")))
        #expect(shadow.results.map(\.verdict) == enforce.results.map(\.verdict))
        #expect(shadow.results.map(\.reason) == enforce.results.map(\.reason))
    }

    @Test("a block whose producer is in shadow is advisory: recorded, never enforced")
    func advisory() throws {
        let decision = try decide("  - { gate: alpha, mode: enforce }", ["alpha": "advise"])
        #expect(decision.outcome == .permit)
        #expect(decision.results[0].effect == .wouldBlock)
    }

    @Test("later gates see the amended intent in enforce, the published one in shadow")
    func amendments() throws {
        let enforced = try decide(
            "  - { gate: alpha, mode: enforce }\n  - { gate: beta, mode: enforce }", ["alpha": "amend"])
        #expect(enforced.results[1].evidence.value("quantity") == (try Amount("0.005")))
        #expect(enforced.permit?.quantity == (try Amount("0.005")))
        #expect(enforced.permit?.downsizeFactor == (try Amount("0.5")))
        #expect(enforced.gate == "alpha")
        #expect(enforced.reason == "scripted_reason")
        let shadow = try decide(
            "  - { gate: alpha, mode: shadow }\n  - { gate: beta, mode: enforce }", ["alpha": "amend"])
        #expect(shadow.results[1].evidence.value("quantity") == (try Amount("0.01")))
        #expect(shadow.results[0].effect == .wouldAmend)
    }

    @Test("I7: an amendment that asks for more than the intent is refused as a failure of the gate")
    func growing() throws {
        let decision = try decide("  - { gate: alpha, mode: enforce }", ["alpha": "grow"])
        #expect(decision.outcome == .permit)
        #expect(decision.permit?.quantity == (try Amount("0.01")))
        #expect(decision.results[0].verdict == .failed)
        #expect(decision.results[0].reason == "gate_bad_amendment")
        #expect(decision.results[0].effect == .failedOpen)
    }

    @Test("I4: a gate that throws changes no other gate's verdict", arguments: ["alpha", "beta", "gamma"])
    func throwing(failing: String) throws {
        for blocking in ["alpha", "beta", "gamma"] where blocking != failing {
            let decision = try decide(Self.all, [failing: "throw", blocking: "block"])
            let alone = try decide(Self.all, [blocking: "block"])
            #expect(decision.outcome == .block)
            #expect(decision.gate == blocking)
            for (result, expected) in zip(decision.results, alone.results) where result.gate != failing {
                #expect(result.verdict == expected.verdict)
                #expect(result.effect == expected.effect)
            }
            let failed = try #require(decision.results.first { $0.gate == failing })
            #expect(failed.reason == "gate_error")
            #expect(failed.effect == .failedOpen)
            #expect(failed.detail == "ScriptedError()")
        }
    }

    private static let failingClosed = "  - { gate: alpha, mode: enforce, on_failure: deny }"
    private static let shadowFailingClosed = "  - { gate: alpha, mode: shadow, on_failure: deny }"

    @Test("on_failure: deny blocks what opens, and would block it in shadow", arguments: ["abstain", "throw"])
    func denying(ask: String) throws {
        let enforced = try decide(Self.failingClosed, ["alpha": ask], .flat)
        #expect(enforced.outcome == .block)
        #expect(enforced.results[0].effect == .failedClosed)
        #expect(enforced.reason == (ask == "abstain" ? "price_unknown" : "gate_error"))
        let shadow = try decide(Self.shadowFailingClosed, ["alpha": ask], .flat)
        #expect(shadow.outcome == .permit)
        #expect(shadow.permit?.isCapped == false)
        #expect(shadow.results[0].effect == .wouldFailClosed)
    }

    @Test("on_failure: deny grants capped what may be a close, and says so in shadow", arguments: ["abstain", "throw"])
    func denyingUnknown(ask: String) throws {
        let enforced = try decide(Self.failingClosed, ["alpha": ask])
        #expect(enforced.outcome == .permit)
        #expect(enforced.permit?.isCapped == true)
        #expect(enforced.permit?.quantity == (try Amount("0.01")))
        #expect(enforced.results[0].effect == .failedCapped)
        #expect(enforced.gate == "alpha")
        let shadow = try decide(Self.shadowFailingClosed, ["alpha": ask])
        #expect(shadow.permit?.isCapped == false)
        #expect(shadow.results[0].effect == .wouldFailCapped)
    }

    @Test("on_failure: deny blocks what may be a close if the execution layer ignores `reduce_only`")
    func denyingIgnored() throws {
        let enforced = try decide(Self.failingClosed, ["alpha": "throw"], reduceOnly: .ignored)
        #expect(enforced.outcome == .block)
        #expect(enforced.results[0].effect == .failedClosed)
        let shadow = try decide(Self.shadowFailingClosed, ["alpha": "throw"], reduceOnly: .ignored)
        #expect(shadow.results[0].effect == .wouldFailClosed)
    }

    @Test("entries that are not to be executed are skipped, and entries that are no intents become dead letters")
    func notIntents() throws {
        let pipeline = Pipeline(gates: try TestConfiguration.make(Self.all).gates)
        let inputs = Inputs(now: Timestamp(seconds: 1))
        let skip = pipeline.decide(
            Plans.entry([("plan_id", "p"), ("symbol", "X"), ("decision", "SKIP")]), inputs)
        #expect(skip.outcome == .skip)
        #expect(skip.reason == "decision_not_execute")
        let dead = pipeline.decide(Plans.entry([("decision", "EXECUTE")]), inputs)
        #expect(dead.outcome == .deadLetter)
        #expect(dead.reason == "missing_plan_id")
    }

    @Test(
        "an open older than the limit is skipped; younger intents, and all where there is no limit, are judged",
        arguments: [(31, "skip"), (30, "permit"), (0, "permit")])
    func expired(age: UInt64, outcome: String) throws {
        let gates = try TestConfiguration.make(Self.all).gates
        let entry = Plans.entry(Plans.open("plan-1"), id: (1_795_354_622 - age) * 1_000)
        let inputs = Inputs.flat
        let decision = Pipeline(gates: gates, expireAfter: .seconds(30)).decide(entry, inputs)
        #expect(decision.outcome.rawValue == outcome)
        #expect(decision.reason == (outcome == "skip" ? "intent_expired" : "all_gates_passed"))
        #expect(Pipeline(gates: gates).decide(entry, inputs).outcome == .permit)
    }
}
