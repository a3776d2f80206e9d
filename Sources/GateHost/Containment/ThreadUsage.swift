import Glibc
import Platform

/// The processor time that the calling thread has used, and how often it has waited.
struct ThreadUsage {
    private let nanoseconds: UInt64
    private let waits: Int

    static func now() -> ThreadUsage {
        var usage = rusage()
        getrusage(1, &usage)  // RUSAGE_THREAD, which the C library's header shows to GNU sources only.
        return ThreadUsage(
            nanoseconds: nanoseconds(usage.ru_utime) &+ nanoseconds(usage.ru_stime), waits: usage.ru_nvcsw)
    }

    /// Whether the thread has since worked for longer than `limit`, or has blocked voluntarily. If neither, the
    /// machine did not let it run.
    func isExceeded(by limit: UInt64) -> Bool {
        let now = ThreadUsage.now()
        return now.nanoseconds &- nanoseconds > limit || now.waits > waits
    }

    private static func nanoseconds(_ time: timeval) -> UInt64 {
        UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_usec) &* 1_000
    }
}
