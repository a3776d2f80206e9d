import GateAPI
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("A jump of the equity")
struct EquityPlausibilityTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_354_200 + seconds) }

    private func state(_ equity: Amount, taken seconds: Int64) -> PortfolioState {
        PortfolioState(equity: equity, takenAt: at(seconds))
    }

    /// A memory that believes 100,000 of second 0, holds back more than a quarter and wants three states.
    private func memory() -> LastKnownGood {
        var memory = LastKnownGood(
            freshFor: .seconds(30), usableFor: .seconds(900),
            plausibility: EquityPlausibility(limit: Amount(percent: 25), samples: 3))
        _ = memory.resolve(.success(state(100_000, taken: 0)), now: at(0))
        return memory
    }

    private func equity(_ resolution: StateResolution) -> Amount? {
        guard case .usable(let state) = resolution else { return nil }
        return state.state.equity
    }

    @Test(
        "of a quarter is believed at once, and a larger one is held back",
        arguments: [
            ("125000", true), ("75000", true), ("125000.00000001", false), ("74999.99999999", false),
            ("10000000", false), ("0.01", false),
        ])
    func limit(_ text: String, _ isBelieved: Bool) throws {
        var memory = memory()
        let observed = try Amount(text)
        let resolution = memory.resolve(.success(state(observed, taken: 10)), now: at(10))
        #expect(equity(resolution) == (isBelieved ? observed : 100_000))
        #expect((memory.held == nil) == isBelieved)
    }

    @Test("is believed with the third state that agrees; the same state read again does not count")
    func samples() {
        var memory = memory()
        for second: Int64 in [10, 12, 14] {
            #expect(equity(memory.resolve(.success(state(200_000, taken: 10)), now: at(second))) == 100_000)
        }
        #expect(equity(memory.resolve(.success(state(210_000, taken: 20)), now: at(20))) == 100_000)
        #expect(memory.held == HeldEquity(newest: state(210_000, taken: 20), samples: 2, since: at(10)))
        #expect(equity(memory.resolve(.success(state(205_000, taken: 30)), now: at(30))) == 205_000)
        #expect(memory.held == nil)
    }

    @Test("begins anew with a state that does not agree, and ends with one that is near what is believed")
    func disagreement() {
        var memory = memory()
        _ = memory.resolve(.success(state(200_000, taken: 10)), now: at(10))
        _ = memory.resolve(.success(state(900_000, taken: 20)), now: at(20))
        #expect(memory.held?.samples == 1)
        #expect(equity(memory.resolve(.success(state(101_000, taken: 30)), now: at(30))) == 101_000)
        #expect(memory.held == nil)
    }

    @Test("is believed at once if a fresh second source agrees")
    func secondSource() {
        var memory = memory()
        func see(_ second: PortfolioState, taken: Int64) -> Amount? {
            equity(
                memory.resolve(
                    .success(state(200_000, taken: taken)), EquityEvidence(second: second), now: at(taken)))
        }
        #expect(see(state(100_000, taken: 10), taken: 10) == 100_000)
        #expect(see(state(190_000, taken: -40), taken: 11) == 100_000)
        #expect(see(state(190_000, taken: 12), taken: 12) == 200_000)
    }

    @Test("is none if it was announced; an announced flow counts once, and for an hour")
    func flows() {
        var memory = memory()
        func see(_ equity: Amount, taken: Int64, flows: Amount, announced: Int64 = 10) -> Amount? {
            self.equity(
                memory.resolve(
                    .success(state(equity, taken: taken)),
                    EquityEvidence(flows: EquityFlows(total: flows, announcedAt: at(announced))), now: at(taken)))
        }
        // Announced before it arrives.
        #expect(see(100_000, taken: 10, flows: 0) == 100_000)
        #expect(see(100_500, taken: 20, flows: 80_000) == 100_500)
        #expect(see(180_000, taken: 30, flows: 80_000) == 180_000)
        #expect(see(260_000, taken: 40, flows: 80_000) == 180_000)
        // A withdrawal that is announced an hour before is no longer expected.
        #expect(see(180_000, taken: 50, flows: 80_000) == 180_000)
        for second in stride(from: Int64(60), through: 3_700, by: 20) {
            #expect(see(180_000, taken: second, flows: -10_000, announced: 60) == 180_000)
        }
        #expect(see(90_000, taken: 3_710, flows: -10_000, announced: 60) == 180_000)
    }

    @Test("after a loss is held back, with budgets of 0, until the states agree")
    func recovery() {
        var memory = memory()
        _ = memory.resolve(.success(state(-500, taken: 10)), now: at(10))
        #expect(equity(memory.resolve(.success(state(100_000, taken: 20)), now: at(20))) == nil)
        #expect(equity(memory.resolve(.success(state(100_000, taken: 30)), now: at(30))) == nil)
        #expect(equity(memory.resolve(.success(state(100_000, taken: 40)), now: at(40))) == 100_000)
    }

    @Test("is none once what was believed is too old: there is nothing to compare with")
    func tooOld() {
        var memory = memory()
        #expect(equity(memory.resolve(.success(state(500_000, taken: 901)), now: at(901))) == 500_000)
    }

    @Test("is none to an instance that takes over from another one, which believed it")
    func takenOver() {
        var memory = memory()
        _ = memory.resolve(.success(state(9_000_000, taken: 10)), now: at(10))
        memory.takeOver(state(10_000_000, taken: 20), now: at(30))
        #expect(memory.remembered == state(10_000_000, taken: 20))
        #expect(memory.held == nil)
        memory.takeOver(state(1, taken: 15), now: at(30))
        memory.takeOver(state(1, taken: 3_600), now: at(30))
        memory.takeOver(nil, now: at(30))
        #expect(memory.remembered == state(10_000_000, taken: 20))
    }

    @Test("in the stored memory of another run is refused")
    func stored() {
        var memory = memory()
        memory.restore(state(10_000_000, taken: 20), now: at(30))
        #expect(memory.remembered == state(100_000, taken: 0))
        memory.restore(state(101_000, taken: 20), now: at(30))
        #expect(memory.remembered == state(101_000, taken: 20))
    }
}
