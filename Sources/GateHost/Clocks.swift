package import GateAPI
package import Glibc

/// Nanoseconds that never step back: for durations.
package enum Monotonic {
    package static func nanoseconds() -> UInt64 {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }
}

/// The machine's clock: for moments.
package enum WallClock {
    @Sendable package static func now() -> Timestamp {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

extension Monotonic {
    /// Blocks the calling thread; only for threads of one's own.
    package static func sleep(nanoseconds: UInt64) {
        var time = timespec(nanoseconds: nanoseconds)
        nanosleep(&time, nil)
    }

    package static func timespec(nanoseconds: UInt64) -> Glibc.timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
