extension Fields {
    /// A decimal that must be there. Throws ``InputFailure/malformed(field:)`` or ``InputFailure/nonFinite(field:)``.
    public func required(
        _ name: StaticString, rounding: AmountRounding = .toNearest
    ) throws(InputFailure) -> Amount {
        switch roundedAmount(in: range(of: name), rounding).reading {
        case .value(let amount): return amount
        case .nonFinite: throw .nonFinite(field: name.description)
        case .absent, .malformed: throw .malformed(field: name.description)
        }
    }

    /// A decimal that may be absent, but must not be wrong.
    public func optional(
        _ name: StaticString, rounding: AmountRounding = .toNearest
    ) throws(InputFailure) -> Amount? {
        guard let range = range(of: name), !range.isEmpty else { return nil }
        return try required(name, rounding: rounding)
    }

    /// A time in epoch seconds, with or without a fraction. It must be there.
    public func timestamp(_ name: StaticString) throws(InputFailure) -> Timestamp {
        guard let timestamp = Timestamp(epochSeconds: try required(name)) else {
            throw .malformed(field: name.description)
        }
        return timestamp
    }
}

extension Fields {
    /// The decimal in a field that may be absent or wrong.
    public func amount(_ name: StaticString, rounding: AmountRounding = .toNearest) -> Reading<Amount> {
        roundedAmount(in: range(of: name), rounding).reading
    }

    func amount(in range: Range<Int>?) -> Reading<Amount> {
        roundedAmount(in: range, .toNearest).reading
    }

    /// The decimal in a field, and whether every digit of it was kept.
    func roundedAmount(
        in range: Range<Int>?, _ rounding: AmountRounding
    ) -> (reading: Reading<Amount>, isExact: Bool) {
        guard let range, !range.isEmpty else { return (.absent, true) }
        return reading(range) { bytes in
            do throws(AmountError) {
                let (amount, isExact) = try Amount.read(bytes, rounding)
                return (.value(amount), isExact)
            } catch .nonFinite {
                return (.nonFinite, true)
            } catch {
                return (.malformed, true)
            }
        }
    }

    /// The boolean in a field that may be absent or wrong: `true` or `false` in any case, `1` or `0`.
    public func flag(_ name: StaticString) -> Reading<Bool> {
        flag(in: range(of: name))
    }

    func flag(in range: Range<Int>?) -> Reading<Bool> {
        guard let range, !range.isEmpty else { return .absent }
        return reading(range) { bytes in
            if bytes.spells(anyCase: "false") || bytes.spells("0") { return .value(false) }
            if bytes.spells(anyCase: "true") || bytes.spells("1") { return .value(true) }
            return .malformed
        }
    }
}
