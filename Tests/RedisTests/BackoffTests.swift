import Redis
import Testing

@Suite("Backoff")
struct BackoffTests {
    /// Returns one number for ever, to test the ends of the range. (`random(in:)` would reject 0 for ever.)
    struct Constant: RandomNumberGenerator {
        let value: UInt64
        mutating func next() -> UInt64 { value }
    }

    @Test("doubles up to its maximum and starts again after a reset", arguments: [(1, 2), (UInt64.max, 1)])
    func doubles(number: UInt64, divisor: Int) {
        var generator = Constant(value: number)
        var backoff = Backoff(initial: .milliseconds(50), maximum: .milliseconds(300))
        let waits = (0..<5).map { _ in backoff.next(using: &generator) }
        #expect(waits == [50, 100, 200, 300, 300].map { .milliseconds($0) / divisor })
        backoff.reset()
        #expect(backoff.next(using: &generator) == .milliseconds(50) / divisor)
    }

    @Test("draws varying waits from the upper half of its range")
    func jitter() {
        var waits: Set<Duration> = []
        for _ in 0..<1_000 {
            var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(1))
            let wait = backoff.next()
            #expect(wait >= .milliseconds(50) && wait <= .milliseconds(100))
            waits.insert(wait)
        }
        #expect(waits.count > 100)
    }

    @Test(
        "stays above zero and within a day for any arguments",
        arguments: [
            (Duration.zero, Duration.zero), (.seconds(-5), .seconds(-1)), (.seconds(3), .seconds(1)),
            (.seconds(Int64.max), .seconds(Int64.max)),
            (.nanoseconds(1), .seconds(Int64.max)),
        ]
    )
    func bounds(initial: Duration, maximum: Duration) {
        var backoff = Backoff(initial: initial, maximum: maximum)
        for _ in 0..<100 {
            let wait = backoff.next()
            #expect(wait > .zero && wait <= .seconds(86_400))
        }
    }
}
