import Foundation
import TestSupport
import Testing

@Suite("gatehost exposure")
struct ExposureTests {
    /// A long position of 0.002 and a grant in each of the states given, consumed and executed.
    private func busyWorld() async throws -> OperatorWorld {
        let world = try OperatorWorld()
        try world.setBudget("1000")
        try world.snapshot("position_amt", "0.002")
        let host = try await world.host()
        defer { host.crash() }
        #expect(try await world.decide("given", "BUY", "0.003") == "permit")
        #expect(try await world.decide("executed", "BUY", "0.002") == "permit")
        #expect(try await world.decide("consumed", "BUY", "0.001") == "permit")
        #expect(try await world.decide("close", "SELL", "0.002", reduceOnly: true) == "permit")
        #expect(try await world.decide("blocked", "BUY", "0.009") == "block")
        try world.consume("executed")
        try world.consume("consumed")
        try await world.reportExecuted("executed")
        return world
    }

    @Test("shows position, lanes, worst cases, what is left, and each grant with its state")
    func text() async throws {
        let world = try await busyWorld()
        let result = try await world.run("exposure", "btcusdt")
        #expect(result.status == 0)
        #expect(result.errors == "")
        let text = result.output.replacing(/\d+ s old/, with: "N s old").replacing(/\d+ s left/, with: "N s left")
        #expect(
            text == """
                BTCUSDT
                  position       long 0.002, mark 100000, snapshot N s old
                  under way      buy         given 0.004, executed 0.002
                                 capped_sell given 0.002
                  most exposure  long 0.008, short 0
                  most to close  long 0.008, short 0
                  budget         1000 USD, enforce, N s old
                  left           buy 0.002 (200 USD), sell 0.01 (1000 USD), at mark 100000
                  grants         4, newest first
                                 close     given     capped_sell 0.002  N s old  permit N s left
                                 consumed  consumed  buy 0.001  N s old
                                 executed  executed  buy 0.002  N s old
                                 given     given     buy 0.003  N s old  permit N s left

                """)
    }

    @Test("gives JSON for machines, with exact amounts")
    func json() async throws {
        let world = try await busyWorld()
        let raw = try await world.run("exposure", "BTCUSDT", "--json")
        for part in [
            #""position":{"state":"fresh","counts_as":"snapshot","held_by_last_evidence":true,"quantity":0.002,"#,
            #""account":{"state":"read","is_kept":true,"damage":[]}"#,
            #""under_way":[{"lane":"buy","given":0.004,"executed":0.002},"#
                + #"{"lane":"capped_sell","given":0.002,"executed":0}]"#,
            #""most_exposure":{"long":0.008,"short":0,"legs":null},"most_to_close":{"long":0.008,"short":0}"#,
            #""left":{"price":100000,"buy_qty":0.002,"buy_usd":200,"sell_qty":0.01,"sell_usd":1000}"#,
            #"{"plan_id":"given","state":"given","#
                + #""shares":[{"account":"position:BTCUSDT","lane":"buy","amount":0.003}],"#,
        ] {
            #expect(raw.output.contains(part), "\(part)")
        }
        let object = try await world.json("BTCUSDT")
        let grants = try #require(object["grants"] as? [[String: Any]])
        #expect(grants.map { $0["state"] as? String } == ["given", "consumed", "executed", "given"])
        #expect(grants.map { $0["permit_left_seconds"] is NSNull } == [false, true, true, false])
        #expect(object["is_complete"] as? Bool == true)
    }

    @Test("lists one line for each symbol with an account or a position, sorted")
    func list() async throws {
        let world = try await busyWorld()
        try world.redis.command("HSET", "quantum:state:positions:ADAUSDT", "position_amt", "-5", "ts_epoch", "1")
        try world.redis.command("HSET", "quantum:state:positions:FLATUSDT", "position_amt", "0", "ts_epoch", "1")
        try world.redis.command("SET", OperatorWorld.account + ":damaged:1", "x")
        let result = try await world.run("exposure")
        #expect(result.status == 0)
        #expect(
            result.output == """
                ADAUSDT  short 5 (stale)  under way nothing  most exposure unknown  left: no budget that counts
                BTCUSDT  long 0.002  under way buy 0.006, capped_sell 0.002  most exposure long 0.008, short 0  \
                left buy 200 USD, sell 1000 USD

                """)
        #expect(result.errors.contains(":damaged:1 is an account of another type that a commit put aside"))
        let json = try await world.run("exposure", "--json")
        #expect(json.output.split(separator: "\n").count == 2)
    }

    @Test("stops at --limit and says so")
    func limit() async throws {
        let world = try await busyWorld()
        let result = try await world.run("exposure", "BTCUSDT", "--limit", "1")
        #expect(result.output.contains("grants         1, newest first\n"))
        #expect(result.output.hasSuffix("stopped at --limit 1: there may be more\n"))
        #expect(try await world.run("exposure", "BTCUSDT", "--limit", "0").status == 64)
    }

    @Test("--all lists settled grants too; an executed one that a snapshot shows is no longer under way")
    func settled() async throws {
        let world = try await busyWorld()
        try world.redis.command("DEL", OperatorWorld.account)
        let result = try await world.run("exposure", "BTCUSDT")
        #expect(result.output.contains("grants         none\n"))
        let all = try await world.run("exposure", "BTCUSDT", "--all")
        #expect(all.output.contains("executed  shown     buy 0.002"))
        #expect(all.output.contains("given     expired   buy 0.003"))
    }

    @Test("says that the position is unknown when the record of a held position is lost or stale")
    func unknownPosition() async throws {
        let world = try await busyWorld()
        try world.snapshot("position_amt", "0.002", age: 400)
        let stale = try await world.run("exposure", "BTCUSDT")
        #expect(stale.output.contains(": stale, older than 5 min 0 s, so unknown to gates\n"))
        #expect(stale.output.contains("most exposure  unknown\n"))
        try world.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        let lost = try await world.run("exposure", "BTCUSDT")
        #expect(lost.output.contains("no snapshot: unknown, because the last evidence shows a position\n"))
        #expect(lost.output.contains("left           unknown: the position is unknown\n"))
    }

    @Test("an unknown symbol is assumed flat and has nothing under way")
    func unknownSymbol() async throws {
        let world = try OperatorWorld()
        let result = try await world.run("exposure", "NOPE")
        #expect(result.status == 0)
        #expect(
            result.output == """
                NOPE
                  position       no snapshot: assumed flat
                  under way      nothing
                  most exposure  long 0, short 0
                  most to close  long 0, short 0
                  budget         none
                  left           unknown: no budget that counts
                  grants         none

                """)
        #expect(try await world.run("exposure").output == "no symbol has an account or a position\n")
        #expect(try await world.run("exposure", "a b").status == 64)
    }

    @Test("what the next commit drops does not count: buckets that the snapshot shows")
    func untidied() async throws {
        let world = try OperatorWorld()
        try world.snapshot("position_amt", "0.002")
        let now = Int(Date().timeIntervalSince1970 * 1_000)
        try world.redis.command(
            "HSET", OperatorWorld.account, "t:0", "1500000", "g:x.\(now - 20_000):0", "100000",
            "g:x.\(now - 1):0", "500000", "g:x.\(now + 60_000):0", "200000", "x:\(now - 20_000):0", "300000",
            "x:\(now):0", "400000")
        let result = try await world.run("exposure", "BTCUSDT")
        #expect(result.output.contains("under way      buy         given 0.007, executed 0.004\n"))
        #expect(result.output.contains("most exposure  long 0.013, short 0\n"))
    }

    @Test("legs of hedge mode are shown, and count together against the budget")
    func legs() async throws {
        let world = try OperatorWorld()
        try world.setBudget("1000")
        try world.snapshot("long_qty", "0.003", "short_qty", "0.002")
        let ends = Int(Date().timeIntervalSince1970 * 1_000) + 60_000
        try world.redis.command("HSET", OperatorWorld.account, "t:4", "100000", "g:x.\(ends):4", "100000")
        let result = try await world.run("exposure", "BTCUSDT")
        #expect(result.output.contains("position       long 0.003 and short 0.002, mark 100000"))
        #expect(result.output.contains("under way      open_long   given 0.001\n"))
        #expect(result.output.contains("most exposure  long 0.002, short 0.001, both legs 0.006\n"))
        #expect(result.output.contains("most to close  long 0.004, short 0.002\n"))
        #expect(result.output.contains(", open a leg 0.004 (400 USD), at mark 100000\n"))
        try world.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        let now = "\(Int(Date().timeIntervalSince1970))"
        try world.redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT:SHORT", "position_amt", "-0.002", "ts_epoch", now)
        let hashes = try await world.run("exposure")
        #expect(hashes.output.hasPrefix("BTCUSDT  long 0 and short 0.002  under way open_long 0.001  "))
    }

    @Test(
        "a damaged account is said, and the rest is shown",
        arguments: [
            ("g:x", "garbage", "DAMAGED: field g:x cannot be read"),
            ("x:y", "0=1", "DAMAGED: field x:y cannot be read"),
            ("t:0", "garbage", "DAMAGED: field t:0 cannot be read"),
            ("t:0", "900000000", "DAMAGED: the totals are not the sums of the buckets"),
        ])
    func damaged(field: String, value: String, complaint: String) async throws {
        let world = try await busyWorld()
        try world.redis.command("HSET", OperatorWorld.account, field, value)
        let result = try await world.run("exposure", "BTCUSDT")
        #expect(result.status == 0)
        #expect(result.output.contains("  account        \(complaint)\n"))
        #expect(result.output.contains("under way      buy         given 0.004, executed 0.002\n"))
        #expect(result.output.contains("grants         4, newest first\n"))
        #expect(try await world.run("exposure").output.contains("ACCOUNT DAMAGED\n"))
    }

    @Test("keys of a wrong type are said, never a crash")
    func wrongTypes() async throws {
        let world = try await busyWorld()
        try world.redis.command("SET", OperatorWorld.account, "x")
        try world.redis.command("SET", "quantum:governor:outcome:given", "garbage")
        let result = try await world.run("exposure", "BTCUSDT")
        #expect(result.status == 0)
        #expect(result.output.contains("account        DAMAGED: the account cannot be read: WRONGTYPE\n"))
        #expect(result.output.contains("under way      unknown\n"))
        #expect(result.output.contains("most exposure  unknown\n"))
        #expect(result.output.contains("DAMAGED: the outcome record of given cannot be read\n"))
        try world.redis.command("SET", RedisFixture.decisionStream, "x")
        let refused = try await world.run("exposure", "BTCUSDT")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("WRONGTYPE"))
    }

    @Test("needs no more than rights to read")
    func reader() async throws {
        let world = try await busyWorld()
        try world.redis.command(
            "ACL", "SETUSER", "reader", "on", ">secret", "+ping", "+time", "+scan",
            "(+get +pttl +hgetall +xrevrange %R~quantum:*)")
        let url = world.redis.server.url.replacing("unix://", with: "unix://reader:secret@")
        let result = try await world.run("exposure", "BTCUSDT", environment: ["REDIS_URL": url])
        #expect(result.errors == "")
        #expect(result.output.contains("grants         4, newest first\n"))
        #expect(try await world.run("exposure", environment: ["REDIS_URL": url]).status == 0)
    }

    @Test("exits with 69 if there is no Redis, and with 1 if the file is wrong")
    func exits() async throws {
        let world = try OperatorWorld()
        let away = try await world.run("exposure", environment: ["REDIS_URL": "unix:///nowhere/redis.sock"])
        #expect(away.status == 69)
        #expect(away.errors.hasPrefix("error: unix:///nowhere/redis.sock: "))
        let missing = try await HostProcess(["exposure", "--config", "/nowhere.yaml"]).finish()
        #expect(missing.status == 1)
    }
}
