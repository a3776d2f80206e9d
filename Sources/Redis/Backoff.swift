/// Waits between attempts: they double up to a maximum, each drawn from the upper half of its range,
/// so that many hosts that lost one server do not come back in step, and none comes back at once.
package struct Backoff: Sendable {
    /// No wait is asked for beyond this, whatever the maximum says.
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

    /// To be called when an attempt has succeeded.
    package mutating func reset() {
        ceiling = initial
    }
}
