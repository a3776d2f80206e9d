/// A moment in UTC, to the microsecond. The calendar is computed here because the C library's calendar functions take a
/// lock for the time zone.
package struct UTCTime: Sendable, Equatable {
    /// Whole seconds since the Unix epoch, rounded down.
    package let seconds: Int64
    /// Microseconds within that second: 0 to 999,999.
    package let microseconds: Int64

    package init(seconds: Int64, microseconds: Int64 = 0) {
        self.seconds = seconds
        self.microseconds = microseconds
    }

    /// Rounds down to the microsecond, also before 1970.
    package init(sinceEpoch time: Duration) {
        let (seconds, attoseconds) = time.components
        let perMicrosecond: Int64 = 1_000_000_000_000
        let microseconds = (attoseconds - (attoseconds < 0 ? perMicrosecond - 1 : 0)) / perMicrosecond
        if microseconds < 0 {
            self.init(seconds: max(seconds, .min + 1) - 1, microseconds: microseconds + 1_000_000)
        } else {
            self.init(seconds: seconds, microseconds: microseconds)
        }
    }

    package static func now() -> UTCTime {
        UTCTime(sinceEpoch: .microseconds(WallClock.microseconds()))
    }
}

extension UTCTime {
    /// Appends `2026-11-22T16:00:00.123Z`: milliseconds, cut and not rounded.
    package func appendMilliseconds(to output: inout [UInt8]) {
        appendSeconds(to: &output)
        output.append(UInt8(ascii: "."))
        Self.append(microseconds / 1_000, 3, to: &output)
        output.append(UInt8(ascii: "Z"))
    }

    /// `2026-01-28T10:15:00.123456+00:00`
    package var iso8601: String {
        var output: [UInt8] = []
        appendSeconds(to: &output)
        output.append(UInt8(ascii: "."))
        Self.append(microseconds, 6, to: &output)
        output.append(contentsOf: "+00:00".utf8)
        return String(decoding: output, as: UTF8.self)
    }

    /// `2026-01-28`
    package var date: String {
        var output: [UInt8] = []
        appendDate(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// `2026-01`
    package var month: String { String(date.dropLast(3)) }

    /// `2026-01-28T10:15:00`
    private func appendSeconds(to output: inout [UInt8]) {
        appendDate(to: &output)
        output.append(UInt8(ascii: "T"))
        Self.append(secondOfDay / 3_600, 2, to: &output)
        output.append(UInt8(ascii: ":"))
        Self.append(secondOfDay / 60 % 60, 2, to: &output)
        output.append(UInt8(ascii: ":"))
        Self.append(secondOfDay % 60, 2, to: &output)
    }

    private func appendDate(to output: inout [UInt8]) {
        let (year, month, day) = calendarDate
        Self.append(year, 4, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(month, 2, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(day, 2, to: &output)
    }

    private static func append(_ number: Int64, _ width: Int, to output: inout [UInt8]) {
        let digits = String(number)
        output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.utf8.count)))
        output.append(contentsOf: digits.utf8)
    }
}

extension UTCTime {
    private var days: Int64 {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        return rest < 0 ? days - 1 : days
    }

    private var secondOfDay: Int64 {
        let rest = seconds % 86_400
        return rest < 0 ? rest + 86_400 : rest
    }

    /// Counts years from 1 March, so that the leap day is a year's last, within eras of 400 years, which all have the
    /// same number of days.
    private var calendarDate: (year: Int64, month: Int64, day: Int64) {
        let sinceMarch0 = days + 719_468
        let era = (sinceMarch0 >= 0 ? sinceMarch0 : sinceMarch0 - 146_096) / 146_097
        let dayOfEra = sinceMarch0 - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
