/// Exponential back-off: each wait is drawn from the upper half of a range that doubles up to a maximum. The jitter
/// keeps hosts that lost one server from reconnecting in step.
package struct Backoff: Sendable {
    /// Caps every wait, however large `maximum` is.
    private static let longest: Duration = .seconds(86_400)
    private static let shortest: Duration = .milliseconds(1)

    private let initial: Duration
    private let maximum: Duration
    private var ceiling: Duration

    package init(initial: Duration = .milliseconds(50), maximum: Duration = .seconds(5)) {
        self.initial = min(max(initial, Self.shortest), Self.longest)
        self.maximum = min(max(maximum, self.initial), Self.longest)
        ceiling = self.initial
    }

    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let nanoseconds = Int64(ceiling / .nanoseconds(1))
        ceiling = min(ceiling * 2, maximum)
        return .nanoseconds(Int64.random(in: nanoseconds / 2...nanoseconds, using: &generator))
    }

    package mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    /// Call after a successful attempt.
    package mutating func reset() {
        ceiling = initial
    }
}
