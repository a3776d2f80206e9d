/// The rounding of a result with more than twenty decimals.
public enum AmountRounding: Sendable {
    /// To the nearest, ties to even.
    case toNearest
    /// Away from zero. For a value that is compared with a limit: it is never understated.
    case awayFromZero
    /// Toward zero. For a value that is granted: it is never overstated.
    case towardZero

    /// Whether a quotient becomes one larger.
    func isUp(_ quotient: UInt128, _ remainder: UInt128, of divisor: UInt128) -> Bool {
        switch self {
        case .towardZero: false
        case .awayFromZero: remainder != 0
        case .toNearest: remainder > divisor - remainder || (remainder == divisor - remainder && quotient & 1 == 1)
        }
    }
}
