import GateAPI
@testable import GateHost
import TestSupport
import Testing

@Suite("Session state")
struct SessionStateTests {
    @Test("an idle session waits for entries, and commits a lone entry together with the next wait")
    func loneEntry() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a")]
        try driver.run()
        #expect(
            driver.actions == [.send(.blocking), .receive, .judge, .send(.blocking), .receive])
        #expect(driver.committed.map(\.planID) == ["a"])
    }

    @Test("the read behind a full batch is sent before the batch is judged, and two exchanges are in flight")
    func pipelining() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b"), SessionDriver.entries("c", "d", from: 3)]
        for _ in 0..<5 { try driver.step() }
        #expect(
            driver.actions == [.send(.blocking), .receive, .send(.immediate), .judge, .send(.immediate)])
        #expect(driver.state.inFlight.count == SessionState.maximumInFlight)
        try driver.step()
        #expect(driver.actions.last == .receive)
        #expect(driver.state.arrived.entries.count == 2)
        try driver.run()
        #expect(driver.committed.map(\.planID) == ["a", "b", "c", "d"])
    }

    @Test("housekeeping waits until nothing is in flight, and holds up the next read")
    func housekeeping() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b")]
        try driver.step()
        try driver.step(isHousekeepingDue: true)
        #expect(driver.actions.last == .receive)
        try driver.step(isHousekeepingDue: true)
        #expect(driver.actions.last == .judge)
        try driver.step(isHousekeepingDue: true)
        #expect(driver.actions.last == .send(.nothing))
        try driver.step(isHousekeepingDue: true)
        #expect(driver.actions.last == .receive)
        try driver.step(isHousekeepingDue: true)
        #expect(driver.actions.last == .housekeep)
        #expect(driver.committed.map(\.planID) == ["a", "b"])
    }

    @Test("while housekeeping stays due, every slice of it is followed by a read that does not wait, and its batch")
    func alternation() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b"), [], SessionDriver.entries("c", "d", from: 3)]
        while driver.committed.count < 4 { try driver.step(isHousekeepingDue: true) }
        let batch: [SessionAction] = [.judge, .send(.nothing), .receive]
        let read: [SessionAction] = [.housekeep, .send(.immediate), .receive]
        #expect(driver.actions == read + batch + read + read + batch)
    }

    @Test("a batch that lacks records waits for what is in flight, and entries that came back go first in it")
    func returnedEntries() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b"), SessionDriver.entries("c", "d", from: 3)]
        driver.results = { planID, attempt in planID == "b" && attempt == 0 ? .conflict : .applied }
        driver.hasRecords = { $0.candidates.contains { $0.entry.id.milliseconds < 3 } }
        try driver.run()
        #expect(driver.actions.contains(.load))
        let load = try #require(driver.actions.firstIndex(of: .load))
        #expect(driver.actions[load - 1] == .receive)
        #expect(driver.batches == [["a", "b"], ["b", "c", "d"]])
        #expect(driver.committed.map(\.planID) == ["a", "b", "c", "d"])
    }

    @Test("an entry whose bounds failed is judged again at once: no read waits before it")
    func conflict() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a")]
        driver.results = { _, attempt in attempt < 3 ? .conflict : .applied }
        try driver.run()
        #expect(driver.batches == [["a"], ["a"], ["a"], ["a"]])
        #expect(driver.committed.map(\.planID) == ["a"])
    }

    @Test("an entry whose bounds fail a thousand times ends the session")
    func endlessConflict() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a")]
        driver.results = { _, _ in .conflict }
        let error = #expect(throws: (any Error).self) { for _ in 0..<10_000 { try driver.step() } }
        #expect("\(try #require(error))".contains("found other accounts than it was judged by 1000 times"))
    }

    @Test("an entry with the plan id of an earlier one waits for its outcome, and is then a duplicate")
    func duplicatesInOneBatch() throws {
        var driver = SessionDriver(batchSize: 4)
        driver.reads = [SessionDriver.entries("a", "a", "a", "b")]
        driver.results = { planID, _ in planID == "a" ? .duplicate : .applied }
        try driver.run()
        #expect(driver.batches == [["a", "b"], ["a", "a"]])
        #expect(driver.committed.map(\.isDuplicate) == [false, false, true, true])
    }

    @Test("an entry with a plan id in flight waits, and no later entry overtakes it")
    func duplicatesInFlight() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b"), SessionDriver.entries("a", "c", from: 3)]
        try driver.run()
        #expect(driver.batches == [["a", "b"], ["c"], ["a"]])
        #expect(driver.committed.map(\.isDuplicate) == [false, false, false, true])
    }

    @Test("an entry whose first of the same plan id was not committed is no duplicate")
    func deferredAfterConflict() throws {
        var driver = SessionDriver(batchSize: 4)
        driver.reads = [SessionDriver.entries("a", "a")]
        driver.results = { planID, attempt in attempt == 0 ? .alreadyDecided : .applied }
        try driver.run()
        #expect(driver.committed.map(\.isDuplicate) == [false, false])
    }

    @Test("a refused transaction gives back its whole batch, which is judged again before anything else")
    func refusedTransaction() throws {
        var driver = SessionDriver()
        driver.usesTransactions = true
        driver.refusesTransaction = { $0 == 1 }
        driver.reads = [SessionDriver.entries("a", "b"), SessionDriver.entries("c", "d", from: 3)]
        try driver.run()
        #expect(driver.batches == [["a", "b"], ["c", "d"], ["a", "b"]])
        #expect(driver.committed.map(\.planID) == ["c", "d", "a", "b"])
    }

    @Test("a session that finishes decides all that was read, and reads no more")
    func finish() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b"), SessionDriver.entries("c", "d", from: 3)]
        driver.results = { planID, attempt in planID == "b" && attempt == 0 ? .conflict : .applied }
        for _ in 0..<5 { try driver.step() }
        let before = driver.actions.count
        try driver.run(.finish)
        #expect(Set(driver.committed.map(\.planID)) == ["a", "b", "c", "d"])
        #expect(driver.isEmpty)
        #expect(!driver.actions[before...].contains { $0 == .send(.immediate) || $0 == .send(.blocking) })
    }

    @Test("the position in the stream stays behind every entry that is not decided, wherever it rests")
    func oldestOpen() throws {
        var driver = SessionDriver()
        driver.reads = [SessionDriver.entries("a", "b"), SessionDriver.entries("c", "d", from: 3)]
        // The second batch is in judgement, and lacks records, when the first one's commit answers.
        driver.hasRecords = { $0.candidates.contains { $0.entry.id.milliseconds < 3 } }
        while driver.committed.isEmpty { try driver.step() }
        #expect(driver.state.judging != nil)
        #expect(driver.oldestOpen == EntryID(milliseconds: 3, sequence: 0))
    }

    @Test(
        "every entry is committed once, with any replies, with records missing, and with a stop at any time",
        arguments: 0..<200)
    func everyEntryOnce(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var driver = SessionDriver(batchSize: Int.random(in: 1...4, using: &random))
        var next: UInt64 = 1
        var published: [String] = []
        driver.reads = (0..<20).map { _ in
            (0..<Int.random(in: 0...driver.state.batchSize, using: &random)).map { _ in
                defer { next += 1 }
                published.append("plan-\(Int.random(in: 0..<15, using: &random))")
                return Plans.entry(Plans.open(published.last ?? ""), id: next)
            }
        }
        let salt = UInt64.random(in: 0..<1_000, using: &random)
        func draw(_ value: UInt64, _ share: UInt64) -> Bool {
            var generator = SeededGenerator(seed: salt &+ value)
            return UInt64.random(in: 0..<100, using: &generator) < share
        }
        driver.results = { planID, attempt in
            draw(UInt64(planID.dropFirst(5))! &* 31 &+ UInt64(attempt), 30) ? .conflict : .applied
        }
        driver.usesTransactions = Bool.random(using: &random)
        driver.refusesTransaction = { draw(1_000 + UInt64($0), 20) }
        driver.hasRecords = { draw(($0.candidates.first?.entry.id.milliseconds ?? 0) &+ 7_000, 60) }
        let stopsAfter = Int.random(in: 1...120, using: &random)
        for _ in 0..<stopsAfter {
            try driver.step(isHousekeepingDue: Int.random(in: 0..<10, using: &random) == 0)
            #expect(driver.state.inFlight.count <= SessionState.maximumInFlight)
        }
        let unread = driver.reads.flatMap { $0 }.count
        try driver.run(.finish)
        // A read that was in flight when the session stopped has brought its entries.
        let left = driver.reads.flatMap { $0 }.count
        #expect(left <= unread)
        #expect(driver.isEmpty)
        #expect(driver.committed.count == published.count - left)
        #expect(driver.committed.map(\.planID).sorted() == published.dropLast(left).sorted())
    }
}
