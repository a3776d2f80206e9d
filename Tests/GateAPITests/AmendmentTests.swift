import GateAPI
import GateTestSupport
import Testing

@Suite struct AmendmentTests {
    private func intent(_ pairs: (String, String)...) throws -> Intent {
        try #require(Fields.plan(pairs).parsed.intent)
    }

    @Test(
        "I7: a quantity may only shrink, and not to nothing",
        arguments: [
            ("4", "3.99999999", true), ("4", "4", true), ("4", "4.00000001", false), ("4", "0", false),
            ("4", "-1", false), ("", "1", false), ("x", "1", false),
        ])
    func quantity(published: String, amended: String, isAccepted: Bool) throws {
        let result = try intent(("side", "BUY"), ("qty", published)).amended(.quantity(Amount(amended)))
        #expect(result?.quantity == (isAccepted ? .value(try Amount(amended)) : nil))
    }

    @Test(
        "I7: a close may only close less, and not nothing",
        arguments: [
            ("FULL_CLOSE", "0.75", true), ("PARTIAL_50", "0.5", true), ("PARTIAL_50", "0.51", false),
            ("PARTIAL_50", "0", false), ("PARTIAL_50", "-0.1", false),
            ("ENTRY_PROPOSED", "0.5", false), ("PARTIAL_CLOSE_PROPOSED", "0.5", false),
        ])
    func closeFraction(action: String, fraction: String, isAccepted: Bool) throws {
        let result = try intent(("action", action)).amended(.closeFraction(Amount(fraction)))
        #expect(result?.closeFraction == (isAccepted ? try Amount(fraction) : nil))
    }

    @Test(
        "I7: an order may be capped at its quantity, or at any if it has none",
        arguments: [
            ("4", "3.99999999", true), ("4", "4", true), ("4", "4.00000001", false), ("4", "0", false),
            ("4", "-1", false), ("", "1", true),
        ])
    func reduceOnly(published: String, amended: String, isAccepted: Bool) throws {
        let result = try intent(("side", "BUY"), ("qty", published)).amended(.reduceOnly(Amount(amended)))
        #expect(result?.quantity == (isAccepted ? .value(try Amount(amended)) : nil))
        #expect(result?.isGrantedCapped ?? true)
        #expect(try !intent(("side", "BUY")).isGrantedCapped)
    }

    @Test("a cooldown may only grow longer")
    func cooldown() throws {
        let intent = try intent(("side", "BUY"), ("qty", "4"))
        #expect(intent.amended(.extraCooldown(.seconds(5)))?.quantity == .value(4))
        #expect(intent.amended(.extraCooldown(.zero)) != nil)
        #expect(intent.amended(.extraCooldown(.seconds(-1))) == nil)
    }
}
