package import Glibc

/// The machine's steady clock, for durations. It never steps back.
package enum Monotonic {
    @inlinable
    package static func nanoseconds() -> UInt64 {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }

    /// Blocks the calling thread. Only a thread that its caller owns may call it, never one of the cooperative pool.
    package static func sleep(nanoseconds: UInt64) {
        var time = timespec(nanoseconds: nanoseconds)
        nanosleep(&time, nil)
    }

    package static func timespec(nanoseconds: UInt64) -> Glibc.timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

/// The machine's wall clock, for times that other machines compare with their own. It may step in either direction.
package enum WallClock {
    /// Microseconds since the Unix epoch.
    package static func microseconds() -> Int64 {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
