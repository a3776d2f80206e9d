import Glibc

/// A moment in UTC.
package struct UTCTime: Sendable, Equatable {
    package let seconds: Int
    package let microseconds: Int

    package init(seconds: Int, microseconds: Int = 0) {
        self.seconds = seconds
        self.microseconds = microseconds
    }

    package static var now: UTCTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UTCTime(time)
    }

    init(_ time: timespec) {
        self.init(seconds: time.tv_sec, microseconds: time.tv_nsec / 1_000)
    }

    /// `2026-01-28T10:15:00.123456+00:00`
    package var iso8601: String {
        "\(formatted("%Y-%m-%dT%H:%M:%S")).\(padded(microseconds, 6))+00:00"
    }

    /// `2026-01-28`
    package var date: String { formatted("%Y-%m-%d") }
    /// `2026-01`
    package var month: String { formatted("%Y-%m") }

    private func formatted(_ format: String) -> String {
        var seconds = time_t(seconds)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return LedgerEntry.unknown }
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
