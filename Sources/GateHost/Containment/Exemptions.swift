import GateAPI
import Platform
import Synchronization

/// The entries about which a gate is not asked again, because it crashed or hung over them.
///
/// Exemptions are rare and looked up for every entry, so ``isEmpty`` costs no more than one load.
final class Exemptions: Sendable {
    /// In pipeline order.
    private let gates: [GateHealth]
    private let journal: CrashJournal
    private let current: Mutex<[Exemption]>
    private let count: Atomic<Int>

    /// Begins with the exemptions that the journal holds.
    init(gates: [GateHealth], journal: CrashJournal) {
        self.gates = gates
        self.journal = journal
        let kept = journal.exemptions()
        current = Mutex(kept)
        count = Atomic(kept.count)
    }

    var isEmpty: Bool { count.load(ordering: .acquiring) == 0 }

    /// Exempts an entry from a gate until the entry has its decision.
    func add(_ entry: EntryID, of stream: UInt64, from gate: GateHealth, _ failure: GateFailure) {
        let exemption = Exemption(stream: stream, entry: entry, gate: gate.name, failure: failure)
        if let place = gate.place { journal.add(exemption, place: place) }
        current.withLock { exemptions in
            exemptions.append(exemption)
            if exemptions.count > JournalLayout.exemptionCapacity { exemptions.removeFirst() }
            count.store(exemptions.count, ordering: .releasing)
        }
    }

    /// The gates not to be asked about an entry, by index, and why.
    func of(_ entry: EntryID, in stream: UInt64) -> [(gate: Int, failure: GateFailure)] {
        current.withLock { exemptions in
            exemptions.filter { $0.stream == stream && $0.entry == entry }
                .compactMap { exemption in
                    gates.firstIndex { $0.name == exemption.gate }.map { ($0, exemption.failure) }
                }
        }
    }

    /// An entry's exemptions as a dead letter tells them: `heat:gate_crash`.
    func text(of entry: EntryID, in stream: UInt64) -> String {
        of(entry, in: stream).map { "\(gates[$0.gate].name):\($0.failure.rawValue)" }.joined(separator: ",")
    }

    /// Forgets an entry that has its decision.
    func forget(_ entry: EntryID, of stream: UInt64) {
        current.withLock { exemptions in
            guard exemptions.contains(where: { $0.stream == stream && $0.entry == entry }) else { return }
            exemptions.removeAll { $0.stream == stream && $0.entry == entry }
            count.store(exemptions.count, ordering: .releasing)
            journal.remove(stream: stream, entry: entry)
        }
    }

    /// Forgets all entries of a stream.
    func forgetAll(of stream: UInt64) {
        for exemption in current.withLock({ $0 }) where exemption.stream == stream {
            forget(exemption.entry, of: stream)
        }
    }
}
