import GateAPI
import Platform

extension CrashJournal {
    private typealias Layout = JournalLayout.Gate

    /// The place of a gate, by which its calls are noted. A gate that has none yet takes an empty place, or else the
    /// place of a gate outside of `taken` that has no faults and is not latched. `nil` if there is no such place.
    func place(of gate: String, besides taken: Set<Int>) -> Int? {
        withBytes { bytes in
            let places = 0..<JournalLayout.gateCapacity
            if let known = places.first(where: { bytes.gateName($0) == gate }) { return known }
            let free =
                places.first { bytes.gateName($0) == nil }
                ?? places.first { !taken.contains($0) && bytes.faults($0).isEmpty && !bytes.isLatched($0) }
            guard let free else { return nil }
            bytes.clear(at: Layout.start(free), Layout.byteCount)
            bytes.clear(at: JournalLayout.Health.start(free), JournalLayout.Health.byteCount)
            bytes.store(gate, at: Layout.start(free), Layout.nameBytes)
            return free
        }
    }

    /// Notes a crash or hang of a gate. Returns how many there were within `window`.
    func addFault(_ place: Int, at now: Timestamp, window: Duration) -> Int {
        withBytes { bytes in
            let faults = Array((bytes.faults(place) + [now.milliseconds]).suffix(Layout.faultCapacity))
            for number in 0..<Layout.faultCapacity {
                let time = number < faults.count ? faults[number] : 0
                bytes.store(UInt64(bitPattern: time), at: Layout.fault(place, number))
            }
            // Faults in the future count too: a clock that was set back must not make the host forget them.
            return faults.count { abs(now.milliseconds - $0) <= window.milliseconds }
        }
    }

    /// When the gate last crashed or hung.
    func lastFault(_ place: Int) -> Timestamp? {
        withBytes { bytes in bytes.faults(place).max().map { Timestamp(milliseconds: $0) } }
    }

    func isLatched(_ place: Int) -> Bool { withBytes { $0.isLatched(place) } }

    func latch(_ place: Int) { withBytes { $0.store(1, at: Layout.isLatched(place)) } }

    /// Forgets a gate's crashes and hangs, unlatches it and closes its breaker.
    func reset(_ place: Int) {
        withBytes { bytes in
            bytes.clear(at: Layout.fault(place, 0), Layout.faultBytes)
            bytes.store(0, at: JournalLayout.Health.breakerPauseEnd(place))
        }
    }
}

extension JournalBytes {
    /// The name of the gate at a place; `nil` if there is none, or no such place.
    func gateName(_ place: Int) -> String? {
        guard (0..<JournalLayout.gateCapacity).contains(place) else { return nil }
        return text(at: JournalLayout.Gate.start(place), JournalLayout.Gate.nameBytes)
    }

    /// The times of the gate's newest crashes and hangs, in milliseconds since the epoch, oldest first.
    fileprivate func faults(_ place: Int) -> [Int64] {
        (0..<JournalLayout.Gate.faultCapacity)
            .map { Int64(bitPattern: word(at: JournalLayout.Gate.fault(place, $0))) }
            .filter { $0 > 0 }
    }

    fileprivate func isLatched(_ place: Int) -> Bool { word(at: JournalLayout.Gate.isLatched(place)) != 0 }
}
