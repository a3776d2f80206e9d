import Foundation
import Synchronization

/// Notices when the whole machine has stood still, as virtual ones sometimes do: then every deadline passes at once,
/// and nothing is to blame for it.
final class StallWatch: Sendable {
    /// A busy machine may keep a thread waiting for a while.
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

    /// The longest standstill since this was asked last.
    func take() -> Duration {
        longest.withLock { longest in
            defer { longest = .zero }
            return longest
        }
    }
}
