import GateAPI
import Synchronization

/// One slot of a crash journal: one thread notes in it the gate and the entry of its call.
///
/// The watchdog reads the slot while the thread writes it, so every word is an atomic.
struct CallSlot: Sendable {
    private typealias Layout = JournalLayout.CallSlot

    // Safe: every word is an atomic, in memory of a journal that outlives the slot.
    private nonisolated(unsafe) let word: UnsafeMutablePointer<Atomic<UInt64>>

    init(_ memory: UnsafeMutableRawPointer) {
        word = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Layout.words)
    }

    /// The call under way: its number and the gate's place; 0 if no gate is being asked.
    var call: UInt64 { word[Layout.call].load(ordering: .relaxed) }
    var entry: EntryID {
        EntryID(
            milliseconds: word[Layout.milliseconds].load(ordering: .relaxed),
            sequence: word[Layout.sequence].load(ordering: .relaxed))
    }
    /// The stable hash of the stream's name.
    var stream: UInt64 { word[Layout.stream].load(ordering: .relaxed) }
    var hasTrapped: Bool { word[Layout.hasTrapped].load(ordering: .relaxed) != 0 }

    /// The place of the gate that a call asks; `nil` if no gate is being asked.
    static func place(of call: UInt64) -> Int? { call == 0 ? nil : Int(call & placeMask) - 1 }

    /// A call's lowest byte is the gate's place, counted from 1. The number of the call stands above it.
    private static let placeBits: UInt64 = 8
    private static let placeMask: UInt64 = 0xFF

    @inline(__always)
    func begin(_ entry: EntryID) {
        word[Layout.milliseconds].store(entry.milliseconds, ordering: .relaxed)
        word[Layout.sequence].store(entry.sequence, ordering: .relaxed)
    }

    /// Releasing, so that a reader of the call finds its entry too. On x86 that is an ordinary store.
    @inline(__always)
    func enter(_ number: UInt64, place: UInt64) {
        word[Layout.call].store(number << Self.placeBits | (place &+ 1), ordering: .releasing)
    }

    @inline(__always)
    func leave() {
        word[Layout.call].store(0, ordering: .releasing)
    }

    /// Takes the slot for a thread; `false` if another thread has it.
    func take(stream: UInt64) -> Bool {
        guard word[Layout.isTaken].compareExchange(expected: 0, desired: 1, ordering: .relaxed).exchanged else {
            return false
        }
        word[Layout.stream].store(stream, ordering: .relaxed)
        return true
    }

    /// Gives the slot back.
    func clear() {
        for index in 0..<Layout.words { word[index].store(0, ordering: .releasing) }
    }

    /// The word in which ``TrapMark`` notes that this thread has trapped.
    var trapWord: UnsafeMutableRawPointer { UnsafeMutableRawPointer(word + Layout.hasTrapped) }
}
