import BigInt
import GateAPI

/// Decimal arithmetic over integers of any size. ``Amount`` must agree with it.
enum AmountOracle {
    static let unitsPerOne = BigInt(10).power(20)

    /// Through decimal text, because BigInt 6.0.1 garbles negative integers of more than one machine word.
    static func units(_ amount: Amount) -> BigInt { BigInt(String(amount.units)) ?? 0 }

    /// The quotient of two integers under a rounding.
    static func divide(_ dividend: BigInt, by divisor: BigInt, _ rounding: AmountRounding) -> BigInt {
        let (quotient, remainder) = dividend.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let twice = remainder * 2
        let up =
            switch rounding {
            case .towardZero: false
            case .awayFromZero: !remainder.isZero
            case .toNearest: twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 == 1)
            }
        let magnitude = BigInt(quotient + (up ? 1 : 0))
        return (dividend.sign == .minus) != (divisor.sign == .minus) ? -magnitude : magnitude
    }

    /// The amount of so many units.
    static func result(_ units: BigInt) -> Result<Amount, AmountError> {
        guard let units = Int128(String(units)) else { return .failure(.overflow) }
        return .success(Amount(units: units))
    }

    /// The value of well-formed text: sign, digits, point, digits, exponent.
    static func parse(
        sign: String, whole: String, fraction: String, exponent: Int, _ rounding: AmountRounding = .toNearest
    ) -> Result<Amount, AmountError> {
        guard let mantissa = BigInt((sign == "-" ? "-" : "") + whole + fraction) else { return .failure(.notANumber) }
        let shift = exponent - fraction.count + 20
        // Beyond these shifts the result is zero or an overflow.
        if mantissa.isZero || shift < -2_000 { return .success(.zero) }
        if shift > 2_000 { return .failure(.overflow) }
        let power = BigInt(10).power(abs(shift))
        return result(shift >= 0 ? mantissa * power : divide(mantissa, by: power, rounding))
    }
}

extension Result where Failure == AmountError {
    init(_ body: () throws(AmountError) -> Success) {
        do { self = .success(try body()) } catch { self = .failure(error) }
    }
}
