import Glibc

/// Waits until the condition holds. Throws ``Failure`` after `limit`.
func wait(
    for what: @autoclosure () -> String, upTo limit: Duration = .seconds(30), every pause: Duration = .milliseconds(2),
    _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try condition() { return }
        rest(pause)
    }
    guard try condition() else { throw Failure("waited \(limit) for \(what())") }
}

func rest(_ duration: Duration) {
    usleep(UInt32(clamping: Int64(duration / .microseconds(1))))
}

func expect(_ holds: Bool, _ failure: @autoclosure () -> String) throws {
    if !holds { throw Failure(failure()) }
}

extension Duration {
    /// Such as `1.25 s`.
    var text: String {
        let hundredths = Int((self / .milliseconds(10)).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
    }
}

extension Int {
    /// Such as `100,000`.
    var grouped: String {
        let digits = Array(String(magnitude))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[Swift.max(0, $0 - 3)..<$0]) }
        return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }
}
