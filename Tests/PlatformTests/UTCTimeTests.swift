import Foundation
import Platform
import Testing

@Suite("A moment in UTC")
struct UTCTimeTests {
    private func printed(_ time: Duration) -> String {
        var output: [UInt8] = []
        UTCTime(sinceEpoch: time).appendMilliseconds(to: &output)
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

    @Test(
        "is printed in ISO 8601 with microseconds, as a date and as a month",
        arguments: [
            (UTCTime(seconds: 1_769_595_300, microseconds: 123_456), "2026-01-28T10:15:00.123456+00:00"),
            (UTCTime(seconds: 951_782_400), "2000-02-29T00:00:00.000000+00:00"),
            (UTCTime(seconds: -1, microseconds: 999_999), "1969-12-31T23:59:59.999999+00:00"),
            (UTCTime(sinceEpoch: .nanoseconds(-1)), "1969-12-31T23:59:59.999999+00:00"),
        ])
    func iso8601(time: UTCTime, text: String) {
        #expect(time.iso8601 == text)
        #expect(time.date == text.prefix(10))
        #expect(time.month == text.prefix(7))
    }

    @Test("is now")
    func now() {
        #expect(abs(Double(UTCTime.now().seconds) - Date().timeIntervalSince1970) < 5)
    }
}
