import GateAPI

/// Checks amounts against unbounded integers: the parser for inputs that begin with `t`, arithmetic for all others.
struct AmountTarget: FuzzTarget {
    static let name = "amount"

    mutating func run(_ input: [UInt8]) {
        if input.first == UInt8(ascii: "t") {
            parse(Array(input.dropFirst()))
        } else {
            var input = FuzzInput(input)
            let operation = input.byte()
            compute(operation, Amount(units: input.int128()), Amount(units: input.int128()))
        }
    }

    private func parse(_ bytes: [UInt8]) {
        let found = Result { () throws(AmountError) in try Amount(ascii: bytes.span) }
        demand(
            AmountOracle.says(bytes, found),
            "\(String(decoding: bytes, as: UTF8.self).debugDescription) not to be \(found)")
        let text = String(decoding: bytes, as: UTF8.self)
        if text.utf8.elementsEqual(bytes) {
            demandEqual(Result { () throws(AmountError) in try Amount(text) }, found, "the amount in the text \(text)")
        }
        if case .success(let amount) = found { roundTrip(amount) }
        settings(text)
    }

    private func compute(_ operation: UInt8, _ left: Amount, _ right: Amount) {
        roundTrip(left)
        demandEqual(left < right, left.units < right.units, "the order of \(left.units) and \(right.units)")
        demand(!left.magnitude.isNegative, "a magnitude that is not negative, of \(left.units)")
        let roundings: [AmountRounding] = [.toNearest, .awayFromZero, .towardZero]
        let rounding = roundings[Int(operation >> 2) % roundings.count]
        let found: Result<Amount, AmountError>
        let isRight: Bool
        switch operation & 3 {
        case 0:
            found = Result { () throws(AmountError) in try left + right }
            isRight = found == AmountOracle.sum(left, right)
        case 1:
            found = Result { () throws(AmountError) in try left - right }
            isRight = found == AmountOracle.difference(left, right)
        case 2:
            found = Result { () throws(AmountError) in try left.multiplied(by: right, rounding: rounding) }
            isRight = AmountOracle.isProduct(found, left, right, rounding)
        default:
            found = Result { () throws(AmountError) in try left.divided(by: right, rounding: rounding) }
            isRight = AmountOracle.isQuotient(found, left, right, rounding)
        }
        demand(
            isRight,
            "operation \(operation & 3), rounding \(rounding), of \(left.units) and \(right.units) not to be \(found)")
        if let time = Timestamp(epochSeconds: left) {
            demandEqual(
                time.epochSeconds.units, left.rounded(toDecimals: 6, .towardZero).units, "the time of \(left.units)")
            _ = time.since(Timestamp(microseconds: Int64(truncatingIfNeeded: right.units))).seconds
        }
    }

    private func roundTrip(_ amount: Amount) {
        let text = amount.description
        demandEqual(text, AmountOracle.text(amount), "the text of \(amount.units)")
        demandEqual(Result { () throws(AmountError) in try Amount(text) }, .success(amount), "what \(text) reads as")
    }

    /// In a deployment file each value has exactly one spelling.
    private func settings(_ text: String) {
        let scalar = SettingScalar(text: text)
        if let amount = Amount(setting: scalar) {
            demandEqual(Amount(setting: SettingScalar(text: amount.settingText)), amount, "the setting \(text)")
        }
        if let duration = Duration(setting: scalar) {
            demandEqual(
                Duration(setting: SettingScalar(text: duration.settingText)), duration,
                "the setting \(text), which is \(duration.settingText)")
        }
        if let number = Int(setting: scalar) { demandEqual(number.settingText, text, "the setting \(text)") }
    }
}
