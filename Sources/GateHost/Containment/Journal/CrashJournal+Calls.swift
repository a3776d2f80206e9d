import GateAPI

extension CrashJournal {
    /// A call of a gate that was under way when a process died of a trap.
    struct Death {
        let stream: UInt64
        let entry: EntryID
        /// `nil` if the thread that trapped was not in a gate.
        let gate: String?
    }

    /// A slot for a thread; `nil` if all are taken.
    func takeSlot(stream: UInt64) -> CallSlot? {
        withBytes { bytes in
            (0..<JournalLayout.slotCapacity).lazy.map(bytes.slot).first { $0.take(stream: stream) }
        }
    }

    /// The calls in which the last process trapped; none if it was killed or stopped. Frees all slots.
    func recover() -> [Death] {
        withBytes { bytes in
            var deaths: [Death] = []
            for index in 0..<JournalLayout.slotCapacity {
                let slot = bytes.slot(index)
                if slot.hasTrapped {
                    let gate = CallSlot.place(of: slot.call).flatMap(bytes.gateName)
                    deaths.append(Death(stream: slot.stream, entry: slot.entry, gate: gate))
                }
                slot.clear()
            }
            return deaths
        }
    }
}

extension JournalBytes {
    fileprivate func slot(_ index: Int) -> CallSlot { CallSlot(start + JournalLayout.CallSlot.start(index)) }
}
