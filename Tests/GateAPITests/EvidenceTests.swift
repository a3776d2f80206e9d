import GateAPI
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
}
