/// A moment, in microseconds since 1970-01-01T00:00:00Z. Conversions saturate.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public init(milliseconds: Int64) {
        self.init(microseconds: Self.thousandfold(milliseconds))
    }

    public init(seconds: Int64) {
        self.init(milliseconds: Self.thousandfold(seconds))
    }

    private static func thousandfold(_ value: Int64) -> Int64 {
        let (product, overflow) = value.multipliedReportingOverflow(by: 1_000)
        return overflow ? (value < 0 ? .min : .max) : product
    }

    /// A moment from epoch seconds with a fraction, `nil` beyond the range of 64-bit microseconds.
    package init?(epochSeconds: Amount) {
        guard let microseconds = Int64(exactly: epochSeconds.units(decimals: 6)) else { return nil }
        self.init(microseconds: microseconds)
    }

    /// Epoch seconds, exact to the microsecond.
    package var epochSeconds: Amount { Amount(units: microseconds, decimals: 6) }
    package var milliseconds: Int64 { microseconds / 1_000 }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The time from `earlier` to this moment, negative if `earlier` is later.
    public func since(_ earlier: Timestamp) -> Duration {
        .microseconds(microseconds(since: earlier))
    }

    func microseconds(since earlier: Timestamp) -> Int64 {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return overflow ? (microseconds > earlier.microseconds ? .max : .min) : difference
    }
}

extension Duration {
    /// Whole and fractional seconds as an exact amount. Beyond the largest amount it becomes the largest of that sign.
    public var seconds: Amount {
        let (seconds, attoseconds) = components
        let whole = Amount(Int(seconds))
        return (try? whole + Amount(units: attoseconds, decimals: 18)) ?? whole
    }
}
