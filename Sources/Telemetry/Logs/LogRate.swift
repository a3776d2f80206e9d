import Logging
import Synchronization

/// Lets a message through only so often, so that a fault that recurs many times a second does not bury the others.
/// The next line that is let through tells how many were not.
final class LogRate: Sendable {
    /// Lines of one message within a window.
    static let burst = 10
    /// In nanoseconds.
    static let window: UInt64 = 10_000_000_000
    /// Messages that are remembered. Beyond them, lines are let through.
    static let maximumMessages = 256

    enum Admission: Equatable {
        /// - Parameter suppressed: lines of this message that were not let through in the windows before.
        case admitted(suppressed: Int)
        case suppressed
    }

    private struct Message: Hashable {
        let label: String
        let level: Logger.Level
        let text: String
    }

    private struct Count {
        let begin: UInt64
        var admitted = 0
        var suppressed = 0
    }

    private let counts = Mutex<[Message: Count]>([:])

    func admit(_ text: String, _ level: Logger.Level, label: String, at now: UInt64) -> Admission {
        // A reader of debug lines wants them all.
        guard level > .debug else { return .admitted(suppressed: 0) }
        let message = Message(label: label, level: level, text: text)
        return counts.withLock { counts in
            var count = counts[message] ?? Count(begin: now)
            var suppressed = 0
            if now &- count.begin >= Self.window {
                suppressed = count.suppressed
                count = Count(begin: now)
            }
            if counts[message] == nil, counts.count >= Self.maximumMessages {
                counts = counts.filter { now &- $0.value.begin < Self.window }
                guard counts.count < Self.maximumMessages else { return .admitted(suppressed: 0) }
            }
            defer { counts[message] = count }
            guard count.admitted < Self.burst else {
                count.suppressed += 1
                return .suppressed
            }
            count.admitted += 1
            return .admitted(suppressed: suppressed)
        }
    }
}
