import Foundation
import Testing

@testable import Telemetry

@Suite("A moment in the log")
struct UTCTimeTests {
    private func printed(_ time: Duration) -> String {
        var output: [UInt8] = []
        UTCTime(sinceEpoch: time).append(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "is printed in UTC with milliseconds, cut and not rounded",
        arguments: [
            (.zero, "1970-01-01T00:00:00.000Z"),
            (.milliseconds(1_795_363_200_123), "2026-11-22T16:00:00.123Z"),
            (.nanoseconds(999_999_999), "1970-01-01T00:00:00.999Z"),
            (.seconds(951_782_399), "2000-02-28T23:59:59.000Z"),
            (.seconds(951_782_400), "2000-02-29T00:00:00.000Z"),
            (.seconds(4_107_542_400), "2100-03-01T00:00:00.000Z"),
            (.nanoseconds(-1), "1969-12-31T23:59:59.999Z"),
            (.milliseconds(-86_400_000), "1969-12-31T00:00:00.000Z"),
        ] as [(Duration, String)])
    func examples(time: Duration, text: String) {
        #expect(printed(time) == text)
    }

    @Test("agrees with Foundation on every 9,000,011th second of four centuries")
    func calendar() {
        for seconds in stride(from: -6_311_433_600, to: 6_311_433_600, by: 9_000_011) {
            let date = Date(timeIntervalSince1970: Double(seconds))
            #expect(
                printed(.seconds(seconds)) == date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
    }

    @Test("traps on no clock, however far it is off", arguments: [Duration.seconds(Int64.max), .seconds(Int64.min)])
    func extremes(time: Duration) {
        #expect(printed(time).hasSuffix("Z"))
    }

    @Test("is now")
    func now() {
        let clock = Double(StandardError.now().components.seconds)
        #expect(abs(clock - Date().timeIntervalSince1970) < 5)
    }
}
