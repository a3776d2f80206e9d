import GateAPI
import GateTestSupport
import Testing

@Suite struct EvidenceTests {
    @Test("evidence keeps its order and drops what exceeds its capacity")
    func capacity() {
        var evidence = Evidence()
        evidence.add("budget_usd", 1)
        evidence.add("notional", 2)
        for _ in 0..<20 { evidence.add("more", 3) }
        #expect(evidence.count == Evidence.capacity)
        #expect(evidence[0].name.description == "budget_usd")
        #expect(evidence.value("notional") == 2)
        #expect(evidence.value("absent") == nil)
    }

    @Test("a word keeps its place among the amounts")
    func words() {
        var evidence = Evidence()
        evidence.add("budget_usd", 1)
        evidence.add("position", "assumed_flat")
        evidence.add("price", 3)
        #expect(evidence.count == 3)
        #expect(evidence.text("position") == "assumed_flat")
        #expect(evidence.value("position") == 0)
        #expect(evidence.text("price") == nil)
        #expect(evidence.value("price") == 3)
        guard case .text(let bytes) = evidence.content(1), case .amount(3) = evidence.content(2) else {
            Issue.record("the items are not what was added")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "assumed_flat")
    }

    @Test("full evidence takes no word")
    func full() {
        var evidence = Evidence()
        for _ in 0..<Evidence.capacity { evidence.add("word", "here") }
        evidence.add("late", "dropped")
        #expect(evidence.count == Evidence.capacity)
        #expect(evidence.text("late") == nil)
    }

    private struct Teller: Gate {
        struct Settings: GateSettings {}
        enum Reason: String, ReasonCode {
            case none
            var summary: String { "" }
        }
        static let name = "teller"
        static let summary = ""
        static let records: [any StateRecord.Type] = []

        init(settings: Settings) {}

        func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) -> Verdict<Reason> {
            if intent.side == .buy { evidence.add("seen", "here") } else { evidence.add("seen", 7) }
            return .pass
        }
    }

    @Test("a verdict that is used again keeps no word of the last one")
    func usedAgain() throws {
        let evaluator = Teller(settings: Teller.Settings()).makeEvaluator()
        var verdict = GateVerdict()
        for (side, word, amount) in [("BUY", "here", 0), ("SELL", nil, 7), ("BUY", "here", 0)]
            as [(
                String, String?, Amount
            )]
        {
            let intent = try #require(Fields.plan([("side", side)]).parsed.intent)
            #expect(evaluator.evaluate(intent, Inputs(now: Timestamp(seconds: 1)), &verdict))
            #expect(verdict.evidence.text("seen") == word)
            #expect(verdict.evidence.value("seen") == amount)
        }
    }
}
