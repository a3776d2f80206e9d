import Foundation

/// Rates in a geometric series.
enum LoadSeries {
    /// From `lowest` to `highest`, with so many in each decade.
    static func rates(from lowest: Int, to highest: Int, perDecade: Int) -> [Int] {
        let step = pow(10, 1 / Double(max(1, perDecade)))
        var rates: [Int] = []
        var place = 0.0
        while true {
            let rate = Int((Double(lowest) * pow(step, place)).rounded())
            guard rate <= highest else { return rates }
            if rate != rates.last { rates.append(rate) }
            place += 1
        }
    }
}
