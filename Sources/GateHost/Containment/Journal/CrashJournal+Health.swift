import GateAPI

/// The health of gates that a restart must not forget: under `on_alarm: deny` the first plans after it would be
/// permitted, and a gate whose breaker is open would be asked again.
extension CrashJournal {
    private typealias Layout = JournalLayout.Health

    func isAlarmed(_ place: Int) -> Bool { withBytes { $0.word(at: Layout.isAlarmed(place)) != 0 } }

    func setAlarm(_ isAlarmed: Bool, _ place: Int) {
        withBytes { $0.store(isAlarmed ? 1 : 0, at: Layout.isAlarmed(place)) }
    }

    /// When the pause of an open breaker ends, by the wall clock; `nil` if the breaker was closed.
    func breakerPauseEnd(_ place: Int) -> Timestamp? {
        withBytes { bytes in
            let milliseconds = Int64(bitPattern: bytes.word(at: Layout.breakerPauseEnd(place)))
            return milliseconds > 0 ? Timestamp(milliseconds: milliseconds) : nil
        }
    }

    func setBreakerPauseEnd(_ end: Timestamp?, _ place: Int) {
        withBytes { $0.store(UInt64(bitPattern: end?.milliseconds ?? 0), at: Layout.breakerPauseEnd(place)) }
    }
}
