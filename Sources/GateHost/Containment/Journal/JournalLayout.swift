/// The parts of the crash journal's file, by their offsets in bytes. Numbers are 64 bits wide, in native byte order.
///
/// | from  | size       | part                                                        |
/// |-------|------------|-------------------------------------------------------------|
/// | 0     | 8          | magic: `GATEHOST`, as a number                              |
/// | 8     | 8          | version: 1                                                  |
/// | 16    | 8          | number of exemptions added so far                           |
/// | 64    | 256        | consumer's name; ends at the first zero byte                |
/// | 320   | 128 × 64   | call slots: ``CallSlot``                                    |
/// | 8512  | 64 × 136   | gates: ``Gate``                                             |
/// | 17216 | 64 × 48    | exemptions: ``Exemption``                                   |
/// | 20288 | 64 × 16    | health of the gates: ``Health``                             |
/// | 21312 |            | unused, up to 32768; zero                                   |
///
/// A host reads the journal that the release before it wrote. A change of this layout needs a new version, but for a
/// part that begins as zeros in the unused end.
enum JournalLayout {
    static let byteCount = 32 << 10
    static let magic: UInt64 = 0x4741_5445_484F_5354  // GATEHOST
    static let version: UInt64 = 1
    private static let wordBytes = 8

    /// The number of each part.
    static let slotCapacity = 128
    static let gateCapacity = 64
    static let exemptionCapacity = 64

    enum Header {
        static let magic = 0
        static let version = 8
        static let exemptionsAdded = 16
    }

    enum Consumer {
        static let start = 64
        static let byteCount = 256
    }

    /// One thread's call of a gate. Each slot fills a cache line's length, so that threads do not slow one another.
    enum CallSlot {
        static let byteCount = 64

        /// The words of a slot, by index.
        static let call = 0
        static let milliseconds = 1
        static let sequence = 2
        static let stream = 3
        static let hasTrapped = 4
        static let isTaken = 5
        static let words = 6

        static func start(_ slot: Int) -> Int { base + slot * byteCount }
        private static let base = Consumer.start + Consumer.byteCount
        fileprivate static let end = base + slotCapacity * byteCount
    }

    /// The crashes and hangs of one gate.
    enum Gate {
        static let nameBytes = 64
        /// The times of the newest crashes and hangs, oldest first; zero if there is none.
        static let faultCapacity = 8
        static let faultBytes = byteCount - nameBytes

        static func start(_ place: Int) -> Int { base + place * byteCount }
        static func fault(_ place: Int, _ number: Int) -> Int { start(place) + nameBytes + wordBytes * number }
        static func isLatched(_ place: Int) -> Int { fault(place, faultCapacity) }

        static let byteCount = nameBytes + wordBytes * (faultCapacity + 1)
        private static let base = CallSlot.end
        fileprivate static let end = base + gateCapacity * byteCount
    }

    /// One entry about which a gate is not asked.
    enum Exemption {
        static let byteCount = 6 * wordBytes

        static func start(_ index: Int) -> Int { Gate.end + index * byteCount }
        static func stream(_ index: Int) -> Int { start(index) }
        static func milliseconds(_ index: Int) -> Int { start(index) + wordBytes }
        static func sequence(_ index: Int) -> Int { start(index) + 2 * wordBytes }
        /// The gate's place, counted from 1; zero if there is no exemption.
        static func gate(_ index: Int) -> Int { start(index) + 3 * wordBytes }
        /// The index of the failure in `GateFailure.allCases`.
        static func failure(_ index: Int) -> Int { start(index) + 4 * wordBytes }
        fileprivate static let end = start(exemptionCapacity)
    }

    /// The alarm and the breaker of the gate in one place.
    enum Health {
        static let byteCount = 2 * wordBytes

        static func start(_ place: Int) -> Int { Exemption.end + place * byteCount }
        static func isAlarmed(_ place: Int) -> Int { start(place) }
        /// The end of an open breaker's pause, in milliseconds since the epoch; zero while the breaker is closed.
        static func breakerPauseEnd(_ place: Int) -> Int { start(place) + wordBytes }
    }
}
