public import GateAPI

/// A kind of limit that reservations count against. Each pool has one record per symbol.
public protocol ReservationPool: Sendable {
    /// The pool's name in its records' keys: lower-case words joined by `-`.
    static var name: String { get }
}

extension Reservation {
    /// A share of the limit that `pool` stands for, in the pool's own unit, signed.
    @inlinable
    public init<Pool: ReservationPool>(in pool: Pool.Type, _ symbol: Symbol, _ amount: Amount) {
        self.init(Reserved<Pool>.self, symbol, amount)
    }
}

extension Inputs {
    /// The reservations in a pool, none if the record is missing.
    @inlinable
    public func reserved<Pool: ReservationPool>(
        in pool: Pool.Type, _ symbol: Symbol
    ) throws(InputFailure) -> Reserved<Pool> {
        try optional(Reserved<Pool>.self, symbol) ?? Reserved()
    }
}
