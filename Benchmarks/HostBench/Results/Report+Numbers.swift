import Foundation

extension Report {
    static func spread(_ spread: Spread, _ digits: Int = 0) -> String {
        pooled(spread.median, spread, digits)
    }

    static func pooled(_ value: Double, _ spread: Spread, _ digits: Int = 0) -> String {
        "\(number(value, digits)) [\(number(spread.minimum, digits)) – \(number(spread.maximum, digits))]"
    }

    /// A number with a comma after every third digit.
    static func number(_ value: Double, _ digits: Int = 0) -> String {
        let text = String(format: "%.\(digits)f", value)
        let whole = text.prefix { $0 != "." }
        var grouped = ""
        for (offset, digit) in whole.enumerated() {
            if offset > 0, (whole.count - offset).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped + text.dropFirst(whole.count)
    }
}
