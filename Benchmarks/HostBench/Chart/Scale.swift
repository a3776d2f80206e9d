import Foundation

/// Maps values to 0 … 1 along an axis, and chooses the axis's ticks.
enum Scale {
    /// From zero to a round number.
    case linear(maximum: Double)
    /// From one power of ten to another.
    case logarithmic(from: Double, to: Double)

    static func linear(upTo values: [Double]) -> Scale {
        let largest = values.max() ?? 1
        guard largest > 0 else { return .linear(maximum: 1) }
        let step = step(for: largest)
        return .linear(maximum: (largest / step).rounded(.up) * step)
    }

    static func logarithmic(around values: [Double]) -> Scale {
        let positive = values.filter { $0 > 0 }
        guard let smallest = positive.min(), let largest = positive.max() else { return .logarithmic(from: 1, to: 10) }
        let low = pow(10, log10(smallest).rounded(.down))
        return .logarithmic(from: low, to: max(low * 10, pow(10, log10(largest).rounded(.up))))
    }

    func position(_ value: Double) -> Double {
        switch self {
        case .linear(let maximum): min(1, max(0, value / maximum))
        case .logarithmic(let from, let to):
            min(1, max(0, (log10(max(value, from)) - log10(from)) / (log10(to) - log10(from))))
        }
    }

    var ticks: [Double] {
        switch self {
        case .linear(let maximum):
            let step = Self.step(for: maximum)
            return (0...Int((maximum / step).rounded())).map { Double($0) * step }
        case .logarithmic(let from, let to):
            let decades = Int((log10(to) - log10(from)).rounded())
            return (0...decades).map { from * pow(10, Double($0)) }
        }
    }

    static func label(_ value: Double) -> String {
        Report.number(value, value < 10 && value.rounded() != value ? 1 : 0)
    }

    /// A round step of which four or five make up the axis.
    private static func step(for largest: Double) -> Double {
        let rough = largest / 4
        let power = pow(10, log10(rough).rounded(.down))
        return ([1, 2, 2.5, 5].last { $0 * power <= rough } ?? 1) * power
    }
}
