import GateAPI
import Testing

@Suite struct TimestampTests {
    @Test(
        "epoch seconds are exact to the microsecond",
        arguments: [
            ("1795354622.1232424", "1795354622.123242", 1_795_354_622_123_242),
            ("1795354260", "1795354260", 1_795_354_260_000_000), ("0", "0", 0),
            ("-1.5", "-1.5", -1_500_000), ("9223372036854.775807", "9223372036854.775807", Int64.max),
        ])
    func epochSeconds(text: String, printed: String, microseconds: Int64) throws {
        let timestamp = try #require(Timestamp(epochSeconds: try Amount(text)))
        #expect(timestamp.microseconds == microseconds)
        #expect(timestamp.epochSeconds.description == printed)
    }

    @Test(
        "moments beyond 64-bit microseconds are refused",
        arguments: ["9223372036854.775808", "-9223372036855", "1e18", "-1e18"])
    func outOfRange(text: String) throws {
        #expect(Timestamp(epochSeconds: try Amount(text)) == nil)
    }

    @Test("whole milliseconds and seconds saturate on their own side")
    func saturates() {
        #expect(Timestamp(milliseconds: 1_795_354_622_123).microseconds == 1_795_354_622_123_000)
        #expect(Timestamp(seconds: -2).microseconds == -2_000_000)
        #expect(Timestamp(milliseconds: .max).microseconds == .max)
        #expect(Timestamp(seconds: .max).microseconds == .max)
        #expect(Timestamp(milliseconds: .min).microseconds == .min)
        #expect(Timestamp(seconds: .min).microseconds == .min)
        #expect(Timestamp(milliseconds: 1_999).milliseconds == 1_999)
    }

    @Test("time between moments is signed and saturates")
    func since() {
        let early = Timestamp(seconds: 100)
        let late = Timestamp(seconds: 130)
        #expect(early < late)
        #expect(late.since(early) == .seconds(30))
        #expect(early.since(late) == .seconds(-30))
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(last.since(first) == .microseconds(Int64.max))
        #expect(first.since(last) == .microseconds(Int64.min))
    }

    @Test(
        "durations become exact amounts of seconds",
        arguments: [
            (Duration.milliseconds(1_500), "1.5"), (.microseconds(-250), "-0.00025"), (.nanoseconds(15), "0.000000015"),
            (.zero, "0"),
            (.microseconds(Int64.max), "9223372036854.775807"),
            (.seconds(Int64.max), "1701411834604692317.31687303715884105727"),
        ])
    func seconds(duration: Duration, text: String) {
        #expect(duration.seconds.description == text)
    }
}
