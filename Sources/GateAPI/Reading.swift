/// The value of a field that may be absent or wrong.
public enum Reading<Value: Sendable>: Sendable {
    case value(Value)
    /// No such field, or an empty one.
    case absent
    case malformed
    /// A number, but `nan` or `inf`.
    case nonFinite

    @inlinable public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// The reason for the missing value. For an absent field the caller supplies it.
    @inlinable
    public func abstainReason(absent: AbstainReason) -> AbstainReason {
        switch self {
        case .value, .absent: absent
        case .malformed: .inputMalformed
        case .nonFinite: .inputNonFinite
        }
    }
}

extension Reading: Equatable where Value: Equatable {}

extension Reading {
    /// This reading, good or bad; the other if this one is absent.
    func orElse(_ other: Reading) -> Reading {
        if case .absent = self { other } else { self }
    }
}
