import Foundation
import Synchronization

/// Notices when the whole machine stands still, as virtual machines sometimes do. All deadlines pass at once then, and
/// no fault is to blame.
final class StallWatch: Sendable {
    /// Shorter pauses are normal on a busy machine.
    static let notable: Duration = .seconds(2)
    private static let interval: Duration = .milliseconds(50)
    private let longest = Mutex(Duration.zero)

    init() {
        let thread = Thread { [self] in
            var last = ContinuousClock.now
            while true {
                rest(Self.interval)
                let now = ContinuousClock.now
                let gap = now - last
                longest.withLock { $0 = max($0, gap) }
                last = now
            }
        }
        thread.name = "stall-watch"
        thread.start()
    }

    /// The longest standstill since the last call.
    func take() -> Duration {
        longest.withLock { longest in
            defer { longest = .zero }
            return longest
        }
    }
}
