import Foundation
import GateAPI
@testable import GateHost
import Testing
import TestSupport

@Suite("Crash journal")
struct CrashJournalTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/crash.journal" }
    private static let entry = EntryID(milliseconds: 1_795_354_847_562, sequence: 3)

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("names to the next process the gate and the entry of the call that trapped")
    func trap() throws {
        do {
            let journal = try CrashJournal(path: path)
            _ = journal.place(of: "p28-budget", besides: [])
            let place = try #require(journal.place(of: "heat", besides: []))
            let slot = try #require(journal.takeSlot(stream: 7))
            slot.begin(Self.entry)
            slot.enter(1, place: UInt64(place))
            slot.trapWord.storeBytes(of: 1, as: UInt64.self)
        }
        let next = try CrashJournal(path: path)
        let deaths = next.recover()
        #expect(deaths.count == 1)
        #expect(deaths.first?.gate == "heat")
        #expect(deaths.first?.entry == Self.entry)
        #expect(deaths.first?.stream == 7)
        #expect(next.recover().isEmpty)
    }

    @Test("blames no gate if the process was killed in a gate, or trapped outside of one")
    func kill() throws {
        do {
            let journal = try CrashJournal(path: path)
            let place = try #require(journal.place(of: "heat", besides: []))
            let killed = try #require(journal.takeSlot(stream: 7))
            killed.begin(Self.entry)
            killed.enter(1, place: UInt64(place))
            let outside = try #require(journal.takeSlot(stream: 8))
            outside.begin(Self.entry)
            outside.enter(1, place: UInt64(place))
            outside.leave()
            outside.trapWord.storeBytes(of: 1, as: UInt64.self)
        }
        #expect(try CrashJournal(path: path).recover().map(\.gate) == [nil])
    }

    @Test("keeps crashes, latches, exemptions and the consumer's name across processes")
    func durability() throws {
        let now = Timestamp(seconds: 1_795_354_622)
        let exemption = Exemption(stream: 7, entry: Self.entry, gate: "heat", failure: .crash)
        do {
            let journal = try CrashJournal(path: path)
            #expect(journal.consumer(orNew: "desk:1") == "desk:1")
            let place = try #require(journal.place(of: "heat", besides: []))
            #expect(journal.addFault(place, at: now, window: .seconds(60)) == 1)
            journal.latch(place)
            journal.add(exemption, place: place)
        }
        let next = try CrashJournal(path: path)
        #expect(next.consumer(orNew: "desk:2") == "desk:1")
        let place = try #require(next.place(of: "heat", besides: []))
        #expect(next.isLatched(place))
        #expect(next.exemptions() == [exemption])
        #expect(next.addFault(place, at: Timestamp(seconds: 1_795_354_672), window: .seconds(60)) == 2)
        #expect(next.addFault(place, at: Timestamp(seconds: 1_795_354_722), window: .seconds(60)) == 2)
        next.remove(stream: 7, entry: Self.entry)
        next.reset(place)
        #expect(next.exemptions().isEmpty)
        #expect(!next.isLatched(place))
    }

    @Test("belongs to one process at a time")
    func lock() throws {
        let journal = try CrashJournal(path: path)
        let error = #expect(throws: CrashJournalError.self) { _ = try CrashJournal(path: path) }
        #expect(error?.isMistake == true)
        _ = journal.recover()
    }

    @Test(
        "leaves a file alone that is not a crash journal",
        arguments: ["precious\n", String(repeating: "x", count: CrashJournal.byteCount)])
    func foreign(text: String) throws {
        let file = try folder.write(text, to: "notes.txt")
        let error = #expect(throws: CrashJournalError.self) { _ = try CrashJournal(path: file) }
        #expect(error?.isMistake == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test("has room for every gate of a pipeline; a new exemption replaces the oldest if there is no room")
    func capacity() throws {
        let journal = try CrashJournal(path: path)
        var taken: Set<Int> = []
        for index in 0..<64 { taken.insert(try #require(journal.place(of: "gate-\(index)", besides: taken))) }
        #expect(taken.count == 64)
        #expect(journal.place(of: "one-more", besides: taken) == nil)
        // Another deployment's gates take over the places, except those of latched gates.
        journal.latch(5)
        var renamed: Set<Int> = []
        for index in 0..<63 { renamed.insert(try #require(journal.place(of: "new-\(index)", besides: renamed))) }
        #expect(!renamed.contains(5))
        for number in 0..<70 {
            journal.add(
                Exemption(
                    stream: 1, entry: EntryID(milliseconds: UInt64(number), sequence: 0), gate: "new-0", failure: .crash
                ),
                place: try #require(journal.place(of: "new-0", besides: renamed)))
        }
        let entries = journal.exemptions().map(\.entry.milliseconds)
        #expect(entries.count == 64)
        #expect(entries.contains(69))
    }

    @Test("a call slot that its thread returns can be taken again")
    func slots() throws {
        let journal = CrashJournal()
        #expect(!journal.isDurable)
        var slots: [CallSlot] = []
        while let slot = journal.takeSlot(stream: 1) { slots.append(slot) }
        #expect(slots.count == JournalLayout.slotCapacity)
        slots[3].clear()
        #expect(journal.takeSlot(stream: 1) != nil)
        #expect(journal.takeSlot(stream: 1) == nil)
    }
}
