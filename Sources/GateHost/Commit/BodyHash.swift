import GateAPI

/// Tells whether two entries with one plan id say the same, timestamp aside: a 64-bit hash of each field, summed, so
/// that the order of the fields does not matter. It labels a re-publication (`duplicate` or `plan_id_reused`); neither
/// kind gets a second permit, so a collision could only mislabel.
enum BodyHash {
    static func of(_ fields: Fields) -> UInt64 {
        var sum: UInt64 = 0
        fields.withEachPair { _, name, value in
            if name.span.spells("timestamp") { return }
            sum &+= hash(value, seed: hash(name, seed: 0))
        }
        return sum
    }

    /// For telling plan ids apart within batches of this process. With a secret, because of two ids with one hash the
    /// second would be taken for a duplicate, and reserve nothing: nobody may be able to make such ids.
    static func secret(of bytes: Span<UInt8>) -> UInt64 { bytes.withUnsafeBufferPointer { hash($0, seed: secret) } }

    private static let secret = UInt64.random(in: .min ... .max)

    /// Eight bytes at a time, each folded in by a full multiplication. The same in every process and on every machine.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        var state = seed ^ (UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15)
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset &+ 8 <= raw.count {
            state = mix(state, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < raw.count {
            rest = rest << 8 | UInt64(raw[offset])
            offset &+= 1
        }
        return mix(state, rest)
    }

    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }
}
