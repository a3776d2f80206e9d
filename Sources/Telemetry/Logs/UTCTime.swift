/// A moment as `2026-11-22T16:00:00.123Z`, reckoned here because the C library's calendar functions take a lock for the
/// time zone.
struct UTCTime {
    private let days: Int64
    private let secondOfDay: Int64
    private let millisecond: Int64

    init(sinceEpoch time: Duration) {
        let (seconds, attoseconds) = time.components
        let (wholeDays, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        // Before 1970 both parts are negative; a moment belongs to the millisecond, second and day that it lies in.
        let milliseconds =
            rest * 1_000 + (attoseconds - (attoseconds < 0 ? 999_999_999_999_999 : 0)) / 1_000_000_000_000_000
        days = milliseconds < 0 ? wholeDays - 1 : wholeDays
        let ofDay = milliseconds < 0 ? milliseconds + 86_400_000 : milliseconds
        secondOfDay = ofDay / 1_000
        millisecond = ofDay % 1_000
    }

    func append(to output: inout [UInt8]) {
        let (year, month, day) = date
        append(year, 4, then: "-", to: &output)
        append(month, 2, then: "-", to: &output)
        append(day, 2, then: "T", to: &output)
        append(secondOfDay / 3_600, 2, then: ":", to: &output)
        append(secondOfDay / 60 % 60, 2, then: ":", to: &output)
        append(secondOfDay % 60, 2, then: ".", to: &output)
        append(millisecond, 3, then: "Z", to: &output)
    }

    /// Counted in years that begin on 1 March, so that the leap day is a year's last, within eras of 400 years, which
    /// all have the same number of days.
    private var date: (year: Int64, month: Int64, day: Int64) {
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

    private func append(_ number: Int64, _ width: Int, then separator: Unicode.Scalar, to output: inout [UInt8]) {
        let digits = String(number)
        output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.utf8.count)))
        output.append(contentsOf: digits.utf8)
        output.append(UInt8(ascii: separator))
    }
}
