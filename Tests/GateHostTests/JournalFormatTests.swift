import Foundation
import GateAPI
import Testing
import TestSupport

@testable import GateHost

/// The crash journal's version 1, byte for byte. The offsets are written out here, so that a change of the layout that
/// would misread the journal of an earlier release fails.
@Suite("Crash journal format")
struct JournalFormatTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/crash.journal" }
    private static let entry = EntryID(milliseconds: 1_795_354_847_562, sequence: 3)
    private static let exemption = Exemption(stream: 7, entry: entry, gate: "heat", failure: .crash)
    private static let fault: UInt64 = 1_795_354_622_000

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A journal of version 1: the gate `heat` in place 2, latched after two crashes, exempt from one entry, and asked
    /// in the fourth call slot when the process trapped.
    private static let version1: Data = {
        var journal = Data(count: 32_768)
        func word(_ value: UInt64, at offset: Int) {
            withUnsafeBytes(of: value.littleEndian) { journal.replaceSubrange(offset..<offset + 8, with: $0) }
        }
        func text(_ text: String, at offset: Int) {
            journal.replaceSubrange(offset..<offset + text.utf8.count, with: Data(text.utf8))
        }
        text("TSOHETAG", at: 0)
        word(1, at: 8)
        word(1, at: 16)
        text("desk:4711", at: 64)
        // Call slot 3: call 9 of the gate in place 2, trapped.
        word(9 << 8 | 3, at: 512)
        word(entry.milliseconds, at: 520)
        word(entry.sequence, at: 528)
        word(7, at: 536)
        word(1, at: 544)
        word(1, at: 552)
        // Gates: names, then eight times, then the latch.
        text("p28-budget", at: 8_512)
        text("spread-cap", at: 8_648)
        text("heat", at: 8_784)
        word(fault, at: 8_848)
        word(fault + 1_000, at: 8_856)
        word(1, at: 8_912)
        // Exemption 0: stream, entry, place from 1, `gate_crash`.
        word(7, at: 17_216)
        word(entry.milliseconds, at: 17_224)
        word(entry.sequence, at: 17_232)
        word(3, at: 17_240)
        word(3, at: 17_248)
        return journal
    }()

    @Test("a journal of an earlier release is read whole")
    func reading() throws {
        try Self.version1.write(to: URL(filePath: path))
        let journal = try CrashJournal(path: path)
        #expect(journal.consumer(orNew: "desk:1") == "desk:4711")
        let deaths = journal.recover()
        #expect(deaths.count == 1)
        #expect(deaths.first?.gate == "heat")
        #expect(deaths.first?.stream == 7)
        #expect(deaths.first?.entry == Self.entry)
        #expect(journal.place(of: "p28-budget", besides: []) == 0)
        #expect(journal.place(of: "spread-cap", besides: []) == 1)
        let place = try #require(journal.place(of: "heat", besides: []))
        #expect(place == 2)
        #expect(journal.isLatched(place))
        #expect(!journal.isLatched(0))
        #expect(journal.lastFault(place) == Timestamp(milliseconds: Int64(Self.fault) + 1_000))
        #expect(journal.exemptions() == [Self.exemption])
    }

    @Test("this release writes the same bytes")
    func writing() throws {
        do {
            let journal = try CrashJournal(path: path)
            _ = journal.consumer(orNew: "desk:4711")
            let place = try #require(
                ["p28-budget", "spread-cap", "heat"].map { journal.place(of: $0, besides: []) }.last ?? nil)
            for _ in 0..<3 { _ = journal.takeSlot(stream: 1) }
            let slot = try #require(journal.takeSlot(stream: 7))
            slot.begin(Self.entry)
            slot.enter(9, place: UInt64(place))
            slot.trapWord.storeBytes(of: 1, as: UInt64.self)
            for seconds in [0, 1] {
                let time = Timestamp(milliseconds: Int64(Self.fault) + Int64(seconds) * 1_000)
                _ = journal.addFault(place, at: time, window: .seconds(60))
            }
            journal.latch(place)
            journal.add(Self.exemption, place: place)
        }
        var written = try Data(contentsOf: URL(filePath: path))
        // Slots 0 to 2, which the test took only to reach the fourth.
        written.replaceSubrange(320..<512, with: Data(count: 192))
        let different = zip(written, Self.version1).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
        #expect(different.isEmpty)
        #expect(written.count == Self.version1.count)
    }
}
