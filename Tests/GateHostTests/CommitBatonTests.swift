import GateAPI
@testable import GateHost
import Redis
import TestSupport
import Testing
import TradingState

@Suite("The baton of sessions that commit at the same time")
struct CommitBatonTests {
    private let redis: RedisFixture
    private let connections: [RedisConnection]

    init() throws {
        let redis = try RedisFixture()
        self.redis = redis
        let configuration = try RedisConfiguration(url: redis.server.url)
        connections = try (0..<2).map { _ in try RedisConnection(configuration) }
        try redis.command("SET", CommitKeys.commits, "other.7.3")
    }

    /// Commits a batch.
    private func goOn(_ baton: inout CommitBaton, isBusy: Bool = true, milliseconds: UInt64 = 0) throws {
        var commands = RedisPipeline()
        baton.goOn(isBusy, now: milliseconds * 1_000_000, &commands)
        for reply in try connections[0].send(commands) { #expect(reply.error == nil) }
    }

    @Test("the first session makes it, and learns the mark of the last commit; the next waits in line")
    func taken() throws {
        var (first, second) = (CommitBaton(), CommitBaton())
        #expect(try first.take(connections[0]) { 0 } == "other.7.3")
        #expect(first.isHeld)
        #expect(try second.take(connections[1]) { 0 } == nil)
        #expect(!second.isHeld)
        try goOn(&first, isBusy: false)
        #expect(!first.isHeld)
        #expect(try second.take(connections[1]) { 0 } == "other.7.3")
    }

    @Test("a session that waits in line gets it in the moment in which it is given back")
    func line() async throws {
        var first = CommitBaton()
        _ = try first.take(connections[0]) { 0 }
        let configuration = try RedisConfiguration(url: redis.server.url)
        let second = Task.detached {
            let waiting = try RedisConnection(configuration)
            var baton = CommitBaton()
            var attempts = 0
            while !baton.isHeld, attempts < 200 {
                _ = try baton.take(waiting) { 0 }
                attempts += 1
            }
            return baton.isHeld
        }
        try await eventually("a client that waits") {
            try redis.command("INFO", "clients").text?.contains("blocked_clients:1") == true
        }
        try goOn(&first, isBusy: false)
        #expect(try await second.value)
        #expect(try redis.command("EXISTS", CommitKeys.baton).integer == 0)
    }

    @Test("a turn ends after thirty-two batches, or with the first batch behind which no full one waits")
    func turns() throws {
        var baton = CommitBaton()
        _ = try baton.take(connections[0]) { 0 }
        for number in 1...32 {
            #expect(baton.isHeld, "batch \(number)")
            try goOn(&baton)
        }
        #expect(!baton.isHeld)
        _ = try baton.take(connections[0]) { 0 }
        try goOn(&baton, isBusy: false)
        #expect(!baton.isHeld)
        #expect(try redis.command("ZCARD", CommitKeys.baton).integer == 1)
    }

    @Test("a baton is lost with its holder: once the holder's key has expired, the next makes another")
    func lost() throws {
        var (dead, next) = (CommitBaton(), CommitBaton())
        _ = try dead.take(connections[0]) { 0 }
        #expect((1...100).contains(try redis.command("PTTL", CommitKeys.batonHolder).integer ?? 0))
        #expect(try next.take(connections[1]) { 0 } == nil)
        try redis.command("DEL", CommitKeys.batonHolder)
        #expect(try next.take(connections[1]) { 0 } != nil)
    }

    @Test("whoever holds it without line four times in a row wants it no more, until others commit again")
    func alone() throws {
        var baton = CommitBaton()
        baton.want()
        for _ in 0..<4 {
            #expect(baton.isWanted)
            _ = try baton.take(connections[0]) { 0 }
            try goOn(&baton, isBusy: false)
        }
        #expect(!baton.isWanted)
        baton.transactionWasRefused()
        #expect(baton.isWanted)
    }

    @Test("three refused transactions in a turn mean a second baton: this one is dropped")
    func dropped() throws {
        var baton = CommitBaton()
        _ = try baton.take(connections[0]) { 0 }
        for _ in 0..<3 { baton.transactionWasRefused() }
        #expect(!baton.isHeld)
        try goOn(&baton)
        #expect(try redis.command("EXISTS", CommitKeys.baton).integer == 0)
    }

    @Test("a session whose batch takes longer than 50 ms gives it back, and goes without it for 64 batches")
    func slow() throws {
        var baton = CommitBaton()
        baton.want()
        _ = try baton.take(connections[0]) { 0 }
        try goOn(&baton, milliseconds: 50)
        #expect(baton.isHeld)
        try goOn(&baton, milliseconds: 101)
        #expect(!baton.isHeld)
        #expect(try redis.command("ZCARD", CommitKeys.baton).integer == 1)
        for _ in 0..<64 {
            #expect(!baton.isWanted)
            try goOn(&baton, milliseconds: 102)
        }
        #expect(baton.isWanted)
    }

    @Test("the first commit of a turn comes behind the mark that is there, and the next behind its own")
    func follows() throws {
        let world = try LedgerCommitWorld()
        let batch = try world.judge([.open("plan-1", "BUY", "0.004")], world.inputs(underWay: "0=0.001")).ledger
        let configuration = world.configuration
        var session = LedgerSession(configuration.answers, time: Timestamp(seconds: 1_795_354_622), now: 0)
        _ = session.turn(batch, tidiesAll: false, now: 1)
        session.follow("other.7.3")
        let first = session.turn(batch, tidiesAll: false, now: 2)
        #expect(first.lastMark == "other.7.3")
        let next = session.turn(batch, tidiesAll: false, now: 3)
        #expect(next.lastMark == first.mark + "0")
    }

    @Test("a key of another type ends the session with its error")
    func wrongType() throws {
        try redis.command("SET", CommitKeys.baton, "text")
        var baton = CommitBaton()
        #expect(throws: RedisError.self) { try baton.take(connections[0]) { 0 } }
    }
}
