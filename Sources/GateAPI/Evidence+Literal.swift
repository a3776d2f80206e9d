extension Evidence {
    /// The bytes of a literal, up to their terminating zero. A `StaticString` is three times as large, and every
    /// decision holds the evidence of every gate.
    // Safe: the pointer points to a literal. A literal never moves, never changes and is never freed.
    @usableFromInline struct Literal: @unchecked Sendable {
        @usableFromInline let start: UnsafePointer<UInt8>?

        @inlinable init(_ text: StaticString) {
            // A `StaticString` made of a lone Unicode scalar has no bytes to point to.
            start = text.hasPointerRepresentation ? text.utf8Start : nil
        }

        @inlinable init() {
            start = nil
        }

        /// The literal whose ``address`` is given.
        init(at address: Amount) {
            start = UnsafePointer(bitPattern: UInt(truncatingIfNeeded: address.units))
        }

        /// The address, so that it fits where an amount does.
        @inlinable var address: Amount { Amount(units: Int128(UInt(bitPattern: start))) }

        var bytes: UnsafeBufferPointer<UInt8> {
            guard let start else { return UnsafeBufferPointer(start: nil, count: 0) }
            var count = 0
            while start[count] != 0 { count &+= 1 }
            return UnsafeBufferPointer(start: start, count: count)
        }
    }
}
