import GateAPI
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("The last known good state")
struct LastKnownGoodTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_795_354_200 + seconds) }

    private func state(_ equity: Amount = 100_000, taken seconds: Int64) -> PortfolioState {
        PortfolioState(equity: equity, takenAt: at(seconds))
    }

    private func fresh() -> LastKnownGood { LastKnownGood(freshFor: .seconds(30), usableFor: .seconds(900)) }

    private func usable(_ state: PortfolioState, _ source: StateSource, age: Int) -> StateResolution {
        .usable(ResolvedState(state: state, source: source, age: .seconds(age)))
    }

    private func without(_ state: PortfolioState, _ source: StateSource, age: Int) -> StateResolution {
        .withoutEquity(ResolvedState(state: state, source: source, age: .seconds(age)))
    }

    @Test(
        "bridges a dead producer until the state is exactly fifteen minutes old, then gives none until it recovers"
    )
    func quarterOfAnHour() {
        var memory = fresh()
        var sources: [String] = []
        let last = state(taken: 60)
        for second in stride(from: Int64(0), through: 1_200, by: 10) {
            // The producer writes every 10 s until 60 s. Its last record lives for 120 s; then there is none. The
            // producer returns at 1 100 s.
            let observed: Result<PortfolioState, InputFailure> =
                second <= 60
                ? .success(state(taken: second))
                : second <= 180 ? .success(last) : second < 1_100 ? .failure(.missing) : .success(state(taken: second))
            let expected: StateResolution
            switch second {
            case ...60: expected = usable(state(taken: second), .fresh, age: 0)
            case ..<90: expected = usable(last, .fresh, age: Int(second) - 60)
            case ...960: expected = usable(last, .lastKnownGood, age: Int(second) - 60)
            case ..<1_100: expected = .tooOld(age: .seconds(Int(second) - 60))
            default: expected = usable(state(taken: second), .fresh, age: 0)
            }
            let resolution = memory.resolve(observed, now: at(second))
            #expect(resolution == expected, "at \(second) s")
            switch resolution {
            case .usable(let state): sources.append(state.source.rawValue)
            case .tooOld: sources.append("too_old")
            case .withoutEquity, .nothing: sources.append("none")
            }
        }
        #expect(sources.count { $0 == "fresh" } == 9 + 11)
        #expect(sources.count { $0 == "lkg" } == 88)
        #expect(sources.count { $0 == "too_old" } == 13)
    }

    @Test("never comes from a state that was not fresh")
    func staleFromTheStart() {
        var memory = fresh()
        #expect(memory.resolve(.success(state(taken: 0)), now: at(30)) == .nothing)
        #expect(memory.resolve(.failure(.missing), now: at(31)) == .nothing)
        #expect(memory.remembered == nil)
    }

    @Test(
        "bridges malformed and unreadable states like missing ones",
        arguments: [
            InputFailure.missing, .malformed(field: "equity_usd"), .malformed(field: "timestamp"),
            .nonFinite(field: "timestamp"),
            .unavailable(detail: "WRONGTYPE"),
        ])
    func failures(_ failure: InputFailure) {
        var memory = fresh()
        _ = memory.resolve(.success(state(taken: 0)), now: at(0))
        #expect(memory.resolve(.failure(failure), now: at(40)) == usable(state(taken: 0), .lastKnownGood, age: 40))
    }

    @Test("row 5: is superseded by a fresh loss, which stands until a state shows another equity", arguments: [0, -5])
    func loss(_ equity: Int) {
        var memory = fresh()
        let loss = state(Amount(equity), taken: 10)
        _ = memory.resolve(.success(state(taken: 0)), now: at(0))
        #expect(memory.resolve(.success(loss), now: at(10)) == without(loss, .fresh, age: 0))
        #expect(memory.resolve(.success(loss), now: at(50)) == without(loss, .lastKnownGood, age: 40))
        #expect(memory.resolve(.failure(.missing), now: at(5_000)) == without(loss, .lastKnownGood, age: 4_990))
        memory.restore(state(taken: 5), now: at(5_000))
        #expect(memory.resolve(.failure(.missing), now: at(5_000)) == without(loss, .lastKnownGood, age: 4_990))
        #expect(
            memory.resolve(.success(state(taken: 5_010)), now: at(5_010)) == usable(state(taken: 5_010), .fresh, age: 0)
        )
    }

    @Test("row 5: a stored loss supersedes an older memory, and outlives a restart")
    func storedLoss() {
        var memory = fresh()
        memory.restore(state(taken: 0), now: at(60))
        memory.restore(state(-500, taken: 20), now: at(60))
        #expect(
            memory.resolve(.failure(.missing), now: at(60)) == without(state(-500, taken: 20), .lastKnownGood, age: 40))
    }

    @Test("does not hide an equity that is not a number, and is kept")
    func notANumber() {
        var memory = fresh()
        _ = memory.resolve(.success(state(taken: 0)), now: at(0))
        #expect(
            memory.resolve(.failure(.nonFinite(field: "equity_usd")), now: at(10))
                == without(state(0, taken: 10), .fresh, age: 0))
        #expect(memory.remembered == state(taken: 0))
    }

    @Test("that was too old stays too old when the clock steps back")
    func clockStepsBack() {
        var memory = fresh()
        _ = memory.resolve(.success(state(taken: 0)), now: at(0))
        #expect(memory.resolve(.failure(.missing), now: at(901)) == .tooOld(age: .seconds(901)))
        for second: Int64 in [900, 60, 0, -3_600] {
            #expect(memory.resolve(.failure(.missing), now: at(second)) == .tooOld(age: .seconds(901)))
        }
        memory.restore(state(taken: 0), now: at(60))
        #expect(memory.resolve(.failure(.missing), now: at(60)) == .tooOld(age: .seconds(901)))
        #expect(memory.resolve(.success(state(taken: 60)), now: at(60)) == usable(state(taken: 60), .fresh, age: 0))
    }

    @Test("does not grow younger when the clock steps back")
    func clockStepsBackWhileUsable() {
        var memory = fresh()
        _ = memory.resolve(.success(state(taken: 0)), now: at(0))
        #expect(memory.resolve(.failure(.missing), now: at(800)) == usable(state(taken: 0), .lastKnownGood, age: 800))
        #expect(memory.resolve(.failure(.missing), now: at(100)) == usable(state(taken: 0), .lastKnownGood, age: 800))
        #expect(memory.resolve(.failure(.missing), now: at(801)) == usable(state(taken: 0), .lastKnownGood, age: 801))
    }

    @Test("accepts a small clock skew as fresh and refuses a state from the future")
    func future() {
        var memory = fresh()
        #expect(memory.resolve(.success(state(taken: 2)), now: at(0)) == usable(state(taken: 2), .fresh, age: -2))
        memory = fresh()
        #expect(memory.resolve(.success(state(taken: 3)), now: at(0)) == .nothing)
        #expect(memory.resolve(.success(state(taken: 1_000_000)), now: at(0)) == .nothing)
        #expect(memory.remembered == nil)
    }

    @Test("keeps its age across a restart and prefers the newer of two stored states")
    func restore() {
        var memory = fresh()
        memory.restore(state(taken: 0), now: at(0))
        #expect(memory.resolve(.failure(.missing), now: at(900)) == usable(state(taken: 0), .lastKnownGood, age: 900))
        #expect(memory.resolve(.failure(.missing), now: at(901)) == .tooOld(age: .seconds(901)))
        memory.restore(state(90_000, taken: 10), now: at(901))
        #expect(memory.remembered == state(90_000, taken: 10))
        memory.restore(state(taken: 5), now: at(901))
        memory.restore(nil, now: at(901))
        #expect(memory.remembered == state(90_000, taken: 10))
    }

    @Test("row 10: with a timestamp from the future is not used, and replaces none")
    func restoredFuture() {
        var memory = fresh()
        memory.restore(state(taken: 0), now: at(10))
        memory.restore(state(1_000, taken: 3_610), now: at(10))
        #expect(memory.resolve(.failure(.missing), now: at(60)) == usable(state(taken: 0), .lastKnownGood, age: 60))
        memory = fresh()
        memory.restore(state(taken: 1_000), now: at(0))
        #expect(memory.resolve(.failure(.missing), now: at(0)) == .nothing)
        #expect(memory.resolve(.success(state(taken: 0)), now: at(0)) == usable(state(taken: 0), .fresh, age: 0))
    }
}
