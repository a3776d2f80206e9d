import GateAPI

/// A gate is not asked about one entry, because it crashed or hung over it.
struct Exemption: Sendable, Equatable {
    /// The stable hash of the stream's name.
    let stream: UInt64
    let entry: EntryID
    let gate: String
    let failure: GateFailure
}

extension CrashJournal {
    private typealias Layout = JournalLayout.Exemption

    /// All exemptions in force.
    func exemptions() -> [Exemption] {
        withBytes { bytes in (0..<JournalLayout.exemptionCapacity).compactMap(bytes.exemption) }
    }

    /// Adds an exemption. A full journal replaces an old one, whose entry another host has most likely decided.
    func add(_ exemption: Exemption, place: Int) {
        withBytes { bytes in
            let added = bytes.word(at: JournalLayout.Header.exemptionsAdded)
            let capacity = JournalLayout.exemptionCapacity
            let index = (0..<capacity).first { bytes.exemption($0) == nil } ?? Int(added % UInt64(capacity))
            bytes.store(added &+ 1, at: JournalLayout.Header.exemptionsAdded)
            bytes.store(exemption.stream, at: Layout.stream(index))
            bytes.store(exemption.entry.milliseconds, at: Layout.milliseconds(index))
            bytes.store(exemption.entry.sequence, at: Layout.sequence(index))
            bytes.store(UInt64(place) + 1, at: Layout.gate(index))
            bytes.store(
                UInt64(GateFailure.allCases.firstIndex(of: exemption.failure) ?? 0), at: Layout.failure(index))
        }
    }

    func remove(stream: UInt64, entry: EntryID) {
        withBytes { bytes in
            for index in 0..<JournalLayout.exemptionCapacity {
                if let found = bytes.exemption(index), found.stream == stream, found.entry == entry {
                    bytes.clear(at: Layout.start(index), Layout.byteCount)
                }
            }
        }
    }
}

extension JournalBytes {
    fileprivate func exemption(_ index: Int) -> Exemption? {
        let layout = JournalLayout.Exemption.self
        let gate = word(at: layout.gate(index))
        let failure = word(at: layout.failure(index))
        guard gate > 0, let name = gateName(Int(clamping: gate - 1)), failure < GateFailure.allCases.count else {
            return nil
        }
        return Exemption(
            stream: word(at: layout.stream(index)),
            entry: EntryID(
                milliseconds: word(at: layout.milliseconds(index)), sequence: word(at: layout.sequence(index))),
            gate: name, failure: GateFailure.allCases[Int(failure)])
    }
}
