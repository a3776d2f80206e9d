import Foundation

extension Double {
    func text(_ digits: Int = 0) -> String { String(format: "%.\(digits)f", self) }

    /// Two significant digits with grouped thousands; a simulation is no more exact.
    var rounded: String {
        guard self >= 100 else { return text() }
        let step = pow(10, (log10(self)).rounded(.down) - 1)
        return (((self / step).rounded()) * step).grouped
    }

    /// A number with a comma after every third digit.
    var grouped: String {
        let digits = text()
        var grouped = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped
    }

    var percent: String { (self * 100).text() + " %" }
}
