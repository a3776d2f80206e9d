import BigInt
import GateAPI

/// Checks amounts with unbounded integers. It does not compute quotients, which would need a second division that may
/// be wrong too. It tests a given quotient by multiplication.
enum AmountOracle {
    typealias Outcome = Result<Amount, AmountError>

    private static let one = BigInt(10).power(Amount.fractionDigits)

    static func sum(_ left: Amount, _ right: Amount) -> Outcome { amount(BigInt(left.units) + BigInt(right.units)) }
    static func difference(_ left: Amount, _ right: Amount) -> Outcome {
        amount(BigInt(left.units) - BigInt(right.units))
    }

    static func isProduct(_ found: Outcome, _ left: Amount, _ right: Amount, _ rounding: AmountRounding) -> Bool {
        isQuotient(found, BigInt(left.units) * BigInt(right.units), over: one, rounding)
    }

    static func isQuotient(_ found: Outcome, _ left: Amount, _ right: Amount, _ rounding: AmountRounding) -> Bool {
        right.isZero
            ? found == .failure(.divisionByZero)
            : isQuotient(found, BigInt(left.units) * one, over: BigInt(right.units), rounding)
    }

    private static func amount(_ units: BigInt) -> Outcome {
        guard units >= BigInt(Int128.min), units <= BigInt(Int128.max) else { return .failure(.overflow) }
        // Converts through the magnitude, because BigInt gives wrong words for negative numbers.
        let pattern = Int128(truncatingIfNeeded: UInt128(units.magnitude))
        return .success(Amount(units: units.sign == .minus ? 0 &- pattern : pattern))
    }

    /// Whether a result is the rounded quotient; `denominator` must not be zero.
    private static func isQuotient(
        _ found: Outcome, _ numerator: BigInt, over denominator: BigInt, _ rounding: AmountRounding
    ) -> Bool {
        let isNegative = (numerator.sign == .minus) != (denominator.sign == .minus)
        let dividend = BigInt(numerator.magnitude)
        let divisor = BigInt(denominator.magnitude)
        switch found {
        case .success(let amount):
            guard amount.isZero || amount.isNegative == isNegative else { return false }
            return isRounded(BigInt(amount.units.magnitude), dividend, divisor, rounding)
        case .failure(.overflow):
            // The quotient is at least the first magnitude that does not fit.
            let first = BigInt(Int128.max) + (isNegative ? 2 : 1)
            return dividend >= first * divisor || isRounded(first, dividend, divisor, rounding)
        case .failure: return false
        }
    }

    private static func isRounded(_ quotient: BigInt, _ dividend: BigInt, _ divisor: BigInt, _ rounding: AmountRounding)
        -> Bool
    {
        let rest = dividend - quotient * divisor
        switch rounding {
        case .towardZero: return rest >= 0 && rest < divisor
        case .awayFromZero: return rest <= 0 && -rest < divisor
        case .toNearest:
            let twice = BigInt(rest.magnitude) * 2
            return twice < divisor || (twice == divisor && quotient % 2 == 0)
        }
    }

    static func text(_ amount: Amount) -> String {
        var digits = String(amount.units.magnitude)
        digits = String(repeating: "0", count: max(0, Amount.fractionDigits + 1 - digits.count)) + digits
        var fraction = digits.suffix(Amount.fractionDigits)
        while fraction.last == "0" { fraction.removeLast() }
        return (amount.isNegative ? "-" : "") + digits.dropLast(Amount.fractionDigits) + (fraction.isEmpty ? "" : ".")
            + fraction
    }
}

extension AmountOracle {
    /// Whether a result is the value of a text: blanks, a sign, digits with a point and `_` between them, an exponent,
    /// blanks; or a word such as `nan`.
    static func says(_ bytes: [UInt8], _ found: Outcome) -> Bool {
        switch number(bytes) {
        case .failure(let error): found == .failure(error)
        case .success(let number): number.is(found)
        }
    }

    /// `mantissa` units of 10^`exponent`.
    private struct Number {
        var mantissa: BigInt
        var digits: Int
        var exponent: BigInt

        func `is`(_ found: Outcome) -> Bool {
            // Far outside the range the power itself would be too large to compute.
            if mantissa == 0 || exponent + BigInt(digits) < -1 { return found == .success(.zero) }
            if exponent > 60 { return found == .failure(.overflow) }
            let power = BigInt(10).power(Int(exponent.magnitude))
            return exponent < 0
                ? isQuotient(found, mantissa, over: power, .toNearest) : found == amount(mantissa * power)
        }
    }

    private static func number(_ bytes: [UInt8]) -> Result<Number, AmountError> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let trimmed = Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard trimmed.allSatisfy({ $0 < 0x80 }) else { return .failure(.notANumber) }
        var text = String(decoding: trimmed, as: UTF8.self)[...]
        let isNegative = text.hasPrefix("-")
        if isNegative || text.hasPrefix("+") { text = text.dropFirst() }
        if ["nan", "inf", "infinity"].contains(text.lowercased()) { return .failure(.nonFinite) }
        guard let plain = withoutSeparators(text) else { return .failure(.notANumber) }
        let parts = plain.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard parts.count <= 2, let (digits, decimals) = mantissa(parts[0]) else { return .failure(.notANumber) }
        var exponent = BigInt(0)
        if parts.count == 2 {
            guard let given = integer(parts[1]) else { return .failure(.notANumber) }
            exponent = given
        }
        let value = digits.isEmpty ? BigInt(0) : BigInt(digits) ?? 0
        return .success(
            Number(
                mantissa: isNegative ? -value : value, digits: digits.count,
                exponent: exponent - BigInt(decimals) + BigInt(Amount.fractionDigits)))
    }

    /// A single `_` may stand between two digits.
    private static func withoutSeparators(_ text: Substring) -> String? {
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        for index in bytes.indices {
            guard bytes[index] == UInt8(ascii: "_") else {
                plain.append(bytes[index])
                continue
            }
            let isBetween =
                index > 0 && index + 1 < bytes.count && isDigit(bytes[index - 1]) && isDigit(bytes[index + 1])
            guard isBetween else { return nil }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// The digits without leading zeros, and the number of decimals.
    private static func mantissa(_ text: Substring) -> (digits: String, decimals: Int)? {
        let sides = text.split(separator: ".", omittingEmptySubsequences: false)
        let digits = sides.joined()
        guard sides.count <= 2, !digits.isEmpty, digits.utf8.allSatisfy(isDigit) else { return nil }
        return (String(digits.drop { $0 == "0" }), sides.count == 2 ? sides[1].count : 0)
    }

    private static func integer(_ text: Substring) -> BigInt? {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit), let value = BigInt(String(digits)) else { return nil }
        return text.hasPrefix("-") ? -value : value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
