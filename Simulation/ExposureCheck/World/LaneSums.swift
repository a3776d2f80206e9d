import TradingState

/// A sum of each lane of a position's account, each from 0 to 15.
struct LaneSums: Equatable {
    private(set) var bits: UInt32 = 0

    init() {}

    /// The same amount in each of some lanes.
    init(_ amount: Int, in lanes: LaneSums.Mask) {
        for lane in 0..<8 where lanes.contains(lane) { self[lane] = amount }
    }

    subscript(lane: Int) -> Int {
        get { Int(bits >> UInt32(4 * lane) & 15) }
        set { bits = bits & ~(15 << UInt32(4 * lane)) | UInt32(max(0, min(newValue, 15))) << UInt32(4 * lane) }
    }

    subscript(lane: PositionPool.Lane) -> Int { self[lane.rawValue] }

    var isZero: Bool { bits == 0 }

    func sum(_ lanes: Mask) -> Int {
        var sum = 0
        for lane in 0..<8 where lanes.contains(lane) { sum += self[lane] }
        return sum
    }

    static func += (sums: inout LaneSums, other: LaneSums) {
        for lane in 0..<8 where other[lane] > 0 { sums[lane] += other[lane] }
    }

    /// No sum becomes negative, as in Redis.
    static func -= (sums: inout LaneSums, other: LaneSums) {
        for lane in 0..<8 where other[lane] > 0 { sums[lane] -= other[lane] }
    }

    /// Some lanes.
    struct Mask: Equatable {
        private(set) var bits: UInt8 = 0

        init(_ lanes: [PositionPool.Lane]) {
            for lane in lanes { insert(lane.rawValue) }
        }

        func contains(_ lane: Int) -> Bool { bits & 1 << UInt8(lane) != 0 }

        mutating func insert(_ lane: Int) { bits |= 1 << UInt8(lane) }
    }
}

extension LaneSums: CustomStringConvertible {
    var description: String {
        let parts = PositionPool.Lane.allCases.filter { self[$0] > 0 }.map { "\($0) \(self[$0])" }
        return parts.isEmpty ? "empty" : parts.joined(separator: ", ")
    }
}
