import GateAPI
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

/// A publisher with glitches, gaps, losses and a clock that steps back, in simulated time.
@Suite("The believed equity in simulated time")
struct EquitySimulationTests {
    private static let start: Int64 = 1_795_354_200
    private static let rounds = 3_000

    private struct World {
        var random: SeededGenerator
        var memory = LastKnownGood(
            freshFor: .seconds(30), usableFor: .seconds(900),
            plausibility: EquityPlausibility(limit: Amount(percent: 25), samples: 3))
        /// Cents.
        var equity: Int64 = 10_000_000
        var now: Int64 = 0

        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

        /// At most one per cent in either direction.
        mutating func trade() { equity += equity / 10_000 * Int64.random(in: -100...100, using: &random) }

        func state(_ cents: Int64) -> PortfolioState {
            PortfolioState(
                equity: Amount(units: cents, decimals: 2),
                takenAt: Timestamp(seconds: EquitySimulationTests.start + now))
        }

        mutating func see(_ observation: Result<PortfolioState, InputFailure>) -> StateResolution {
            memory.resolve(observation, now: Timestamp(seconds: EquitySimulationTests.start + now))
        }
    }

    @Test("never follows glitches of one or two states, and always follows the true equity", arguments: 1...20)
    func glitches(seed: UInt64) {
        var world = World(random: SeededGenerator(seed: seed))
        var glitch = (factor: Int64(1), left: 0)
        for _ in 0..<Self.rounds {
            world.now += 10
            world.trade()
            let isGlitch = glitch.left > 0
            let observed = isGlitch ? world.equity * glitch.factor : world.equity
            if isGlitch {
                glitch.left -= 1
            } else if world.chance(5) {
                // Only after a true state, so that three in a row are never absurd.
                glitch = (
                    Int64.random(in: 2...1_000, using: &world.random), Int.random(in: 1...2, using: &world.random)
                )
            }
            let resolution = world.see(.success(world.state(observed)))
            guard case .usable(let state) = resolution else {
                Issue.record("\(resolution)")
                return
            }
            let truth = world.state(world.equity).equity
            #expect(!EquityJump.lies(between: truth, and: state.state.equity, beyond: Amount(percent: 25)))
            #expect(isGlitch || state.state.equity == truth)
        }
    }

    @Test("a state that was once too old or superseded by a loss is never used again", arguments: 1...20)
    func memory(seed: UInt64) {
        var world = World(random: SeededGenerator(seed: seed))
        var buried: Set<Timestamp> = []
        var oldest = [Timestamp: Duration]()
        for _ in 0..<Self.rounds {
            world.now += world.chance(3) ? -Int64.random(in: 0...2_000, using: &world.random) : 10
            let isLoss = world.chance(20)
            let isSilent = world.chance(90)
            let observed = world.state(isLoss ? -50_000 : world.equity)
            let before = world.memory.remembered
            let resolution = world.see(isSilent ? .failure(.missing) : .success(observed))
            switch resolution {
            case .usable(let state):
                if state.source == .lastKnownGood {
                    #expect(!buried.contains(state.state.takenAt))
                    #expect(state.age >= oldest[state.state.takenAt] ?? state.age)
                    oldest[state.state.takenAt] = state.age
                } else {
                    buried.remove(state.state.takenAt)
                    oldest[state.state.takenAt] = nil
                }
            case .withoutEquity(let state):
                #expect(!state.state.equity.isPositive)
                if state.source == .fresh, let before { buried.insert(before.takenAt) }
            case .tooOld: if let before { buried.insert(before.takenAt) }
            case .nothing: break
            }
        }
        #expect(!buried.isEmpty)
    }
}
