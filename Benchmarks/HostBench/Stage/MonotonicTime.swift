import GateHost
import Platform

/// Monotonic time in nanoseconds, the same for all processes of the machine.
struct MonotonicTime: Comparable {
    let nanoseconds: UInt64

    static func now() -> MonotonicTime {
        MonotonicTime(nanoseconds: Monotonic.nanoseconds())
    }

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds + UInt64(max(.zero, duration) / .nanoseconds(1)))
    }

    /// Zero if `earlier` is later.
    func nanoseconds(since earlier: MonotonicTime) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// The time left until `offset` nanoseconds after this time; zero if that has passed.
    func nanoseconds(until offset: UInt64) -> UInt64 {
        let elapsed = MonotonicTime.now().nanoseconds(since: self)
        return offset > elapsed ? offset - elapsed : 0
    }

    /// Sleeps until this time.
    func wait() {
        while true {
            let now = Monotonic.nanoseconds()
            guard now < nanoseconds else { return }
            Monotonic.sleep(nanoseconds: nanoseconds - now)
        }
    }
}

/// Waits until the condition holds. Throws a ``BenchError`` with the text of `orElse` when the time is up.
func wait(
    upTo limit: Duration, every interval: Duration, orElse message: @autoclosure () -> String,
    until condition: () throws -> Bool
) throws {
    let deadline = MonotonicTime.now() + limit
    while try !condition() {
        guard MonotonicTime.now() < deadline else { throw BenchError(message()) }
        (MonotonicTime.now() + interval).wait()
    }
}
