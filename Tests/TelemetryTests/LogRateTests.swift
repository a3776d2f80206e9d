import Logging
import Testing

@testable import Telemetry

@Suite("The rate of log lines")
struct LogRateTests {
    private let rate = LogRate()

    private func admitted(_ text: String, _ level: Logger.Level = .error, count: Int, at now: UInt64) -> Int {
        (0..<count).count { _ in rate.admit(text, level, label: "l", at: now) != .suppressed }
    }

    @Test("a message that recurs 30 times a second leaves ten lines in ten seconds, and the next tells of the others")
    func burst() {
        let lines = (0..<300).count { index in
            rate.admit("m", .error, label: "l", at: UInt64(index) * LogRate.window / 300) != .suppressed
        }
        #expect(lines == LogRate.burst)
        #expect(rate.admit("m", .error, label: "l", at: LogRate.window) == .admitted(suppressed: 290))
        #expect(rate.admit("m", .error, label: "l", at: LogRate.window) == .admitted(suppressed: 0))
    }

    @Test("messages do not suppress one another, and debug lines are all let through")
    func apart() {
        #expect(admitted("a", count: 20, at: 0) == LogRate.burst)
        #expect(admitted("b", count: 20, at: 0) == LogRate.burst)
        #expect(admitted("a", .warning, count: 20, at: 0) == LogRate.burst)
        #expect(admitted("c", .debug, count: 20, at: 0) == 20)
    }

    @Test("remembers a bounded number of messages, and lets the others through")
    func bounded() {
        for index in 0..<LogRate.maximumMessages { #expect(admitted("\(index)", count: 1, at: 0) == 1) }
        #expect(admitted("one too many", count: 100, at: 0) == 100)
        #expect(admitted("one too many", count: 100, at: LogRate.window) == LogRate.burst)
    }
}
