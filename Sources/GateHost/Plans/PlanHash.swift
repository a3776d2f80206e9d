import GateAPI

/// Hashes of plans, 64 bits each.
enum PlanHash {
    /// The hash of a plan's body: of each field, the timestamp aside, summed, so that their order does not matter.
    ///
    /// It tells a re-publication (`duplicate`) from another plan under the same id (`plan_id_reused`). Neither gets a
    /// second permit, so a collision could only mislabel.
    static func ofBody(_ fields: Fields) -> UInt64 {
        var sum: UInt64 = 0
        fields.withEachPair { _, name, value in
            if name.span.spells("timestamp") { return }
            sum &+= hash(value, seed: hash(name, seed: 0))
        }
        return sum
    }

    /// The hash of a plan id, for comparisons within this process alone.
    ///
    /// Two ids with one hash would pass for duplicates, and the second would reserve nothing. The random seed keeps a
    /// producer from making such ids.
    static func ofPlanID(_ bytes: Span<UInt8>) -> UInt64 {
        bytes.withUnsafeBufferPointer { hash($0, seed: seed) }
    }

    private static let seed = UInt64.random(in: .min ... .max)

    /// Folds in eight bytes at a time by a full multiplication. The same in every process and on every machine.
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
