/// A position snapshot in Redis.
struct Snapshot: Equatable {
    /// The stamp of no snapshot: older than any.
    static let never: Int8 = -9
    private static let oldest: Int8 = -8

    var holding = Holding.flat
    /// In ticks from now.
    var stamp = Snapshot.never

    static let missing = Snapshot()

    var exists: Bool { stamp != Self.never }

    var code: UInt64 { holding.code | UInt64(UInt8(bitPattern: stamp)) << 16 }

    mutating func tick() {
        if exists { stamp = max(stamp - 1, Self.oldest) }
    }
}

/// The publisher: it reads the position at the exchange and writes the snapshot later. One that does nothing is dead.
struct Publisher: Equatable {
    var holding = Holding.flat
    /// Ticks since it read, `-1` if it has read nothing that it has not written.
    var age: Int8 = -1

    var hasRead: Bool { age >= 0 }

    var code: UInt64 { holding.code | UInt64(UInt8(bitPattern: age)) << 16 }

    mutating func tick(_ lives: Lives) {
        guard hasRead else { return }
        age += 1
        if age > lives.write { self = Publisher() }
    }
}

/// What a host knows. It may be out of date.
struct HostView: Equatable {
    var totals = LaneSums()
    var isHeld = false
    var snapshot = Snapshot.missing
    /// Ticks for which Redis has had another snapshot.
    var behind: Int8 = 0

    var code: UInt64 {
        UInt64(totals.bits) | snapshot.code << 32 | (isHeld ? 1 << 56 : 0) | UInt64(behind) << 57
    }
}
