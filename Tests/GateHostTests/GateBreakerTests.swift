import Deployment
import GateAPI
@testable import GateHost
import Testing

@Suite("Circuit breaker")
struct GateBreakerTests {
    private static let second: UInt64 = 1_000_000_000

    private func breaker(_ change: (inout ContainmentConfiguration) -> Void = { _ in }) -> GateBreaker {
        var limits = ContainmentConfiguration()
        change(&limits)
        return GateBreaker(limits)
    }

    private func opened() -> GateBreaker {
        let breaker = breaker()
        for number in 1...5 { breaker.failed(at: UInt64(number) * Self.second) }
        return breaker
    }

    @Test("opens at the fifth failure within a minute")
    func opens() {
        let breaker = breaker()
        for number in 1...4 { #expect(!breaker.failed(at: UInt64(number) * Self.second)) }
        #expect(breaker.state == .closed)
        #expect(breaker.failed(at: 5 * Self.second))
        #expect(breaker.state == .open)
    }

    @Test("failures that are further apart do not open it")
    func window() {
        let breaker = breaker()
        for number in 1...40 { breaker.failed(at: UInt64(number) * 20 * Self.second) }
        #expect(breaker.state == .closed)
        for number in 0..<4 { breaker.failed(at: (801 + UInt64(number)) * Self.second) }
        #expect(breaker.state == .open)
    }

    @Test("a few failures among many intents do not open it; failures of a tenth do")
    func share() {
        let rare = breaker()
        for number in 1...20 {
            rare.count(calls: 20)
            rare.failed(at: UInt64(number) * Self.second)
        }
        #expect(rare.state == .closed)
        let frequent = breaker()
        for number in 1...5 {
            frequent.count(calls: 10)
            frequent.failed(at: UInt64(number) * Self.second)
        }
        #expect(frequent.state == .open)
    }

    @Test("refuses calls during the pause, then admits one probe at a time, and closes after three successful probes")
    func halfOpen() {
        let breaker = opened()
        #expect(!breaker.isDue(at: 34 * Self.second))
        #expect(!breaker.takeProbe(at: 34 * Self.second))
        #expect(breaker.isDue(at: 35 * Self.second))
        for number in 0..<3 {
            let now = (35 + UInt64(number)) * Self.second
            #expect(breaker.takeProbe(at: now))
            #expect(breaker.state == .halfOpen)
            #expect(!breaker.takeProbe(at: now), "one probe at a time")
            #expect(breaker.succeeded() == (number == 2))
        }
        #expect(breaker.state == .closed)
        #expect(!breaker.failed(at: 40 * Self.second), "old failures are forgotten")
    }

    @Test("a failed probe opens it for another pause")
    func failedProbe() {
        let breaker = opened()
        #expect(breaker.takeProbe(at: 35 * Self.second))
        #expect(breaker.failed(at: 35 * Self.second))
        #expect(breaker.state == .open)
        #expect(!breaker.takeProbe(at: 64 * Self.second))
        #expect(breaker.takeProbe(at: 65 * Self.second))
    }

    @Test("a probe that never reports holds up the next one only for a pause")
    func lostProbe() {
        let breaker = opened()
        #expect(breaker.takeProbe(at: 35 * Self.second))
        #expect(!breaker.takeProbe(at: 64 * Self.second))
        #expect(breaker.takeProbe(at: 65 * Self.second))
    }

    @Test("only a reset closes a latched breaker")
    func latch() {
        let breaker = opened()
        breaker.latch()
        #expect(!breaker.isDue(at: 10_000 * Self.second))
        #expect(!breaker.takeProbe(at: 10_000 * Self.second))
        #expect(!breaker.failed(at: 10_000 * Self.second))
        #expect(!breaker.succeeded())
        #expect(breaker.state == .latched)
        breaker.reset()
        #expect(breaker.state == .closed)
        #expect(breaker.takeProbe(at: 10_001 * Self.second))
    }

    @Test("the longest possible times do not overflow")
    func extremes() {
        let breaker = breaker { $0.breakerPause = .seconds(3_600) }
        for _ in 0..<5 { breaker.failed(at: .max - Self.second) }
        #expect(breaker.state == .open)
        #expect(Duration.seconds(Int64.max).nanoseconds > 0)
    }
}
