import GateAPI
import GateHost
import P28Budget
import Platform
import Redis
import TestSupport
import Testing
import TradingState

/// The exposure ledger with the budget gate alone, over a real Redis. Budget 1,000 USD.
@Suite("Ledger")
struct LedgerTests {
    private let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    @Test("later intents of the same batch and of later batches see what is under way")
    func sameBatch() async throws {
        try world.publish(["a", "b", "c"].map { .open($0, "BUY", "0.004") })
        let host = try world.host()
        try await world.redis.waitForDecisions(3)
        #expect(try world.outcomes() == ["permit", "permit", "block"])
        #expect(try await world.decide(.open("d", "BUY", "0.004")) == "block")
        #expect(try world.totals() == "0=0.008")
        #expect(try world.outcome("a").contains(" permit given "))
        #expect(try world.outcome("a").hasSuffix(" position:BTCUSDT 0 400000"))
        await host.stop()
    }

    @Test("an order of the other direction frees no budget, and needs none; a third may close it")
    func directions() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        #expect(try await world.decide(.open("b", "SELL", "0.006")) == "permit")
        #expect(try await world.decide(.open("c", "BUY", "0.006")) == "permit")
        #expect(try world.permit("c").contains(#""reduce_only": true"#))
        #expect(try world.totals() == "0=0.006 1=0.006 2=0.006")
        await host.stop()
    }

    @Test(
        "A1: a report of no execution takes the permit back and frees its share in one step",
        arguments: ["False", "false"])
    func notExecuted(executed: String) async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "block")
        try await world.report("a", executed: executed)
        #expect(try world.redis.command("EXISTS", "quantum:permit:a").integer == 0)
        #expect(try world.totals() == "")
        #expect(try await world.decide(.open("c", "BUY", "0.01")) == "permit")
        await host.stop()
    }

    @Test("A1: a consumed permit keeps its share unless its consumer says that the exchange refused")
    func consumed() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "False")
        #expect(try world.totals() == "0=0.01")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "block")
        try await world.report("a", executed: "False", ["exchange_refused", "true"])
        #expect(try world.totals() == "")
        #expect(try await world.decide(.open("c", "BUY", "0.01")) == "permit")
        await host.stop()
    }

    @Test("A1: False and then True for one plan counts as executed; True and then False too")
    func falseThenTrue() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        try await world.report("a", executed: "False")
        try await world.report("a", executed: "True")
        #expect(try world.totals() == "0=0.01")
        try await world.report("a", executed: "False")
        try await world.report("a", executed: "True")
        #expect(try world.totals() == "0=0.01")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "block")
        await host.stop()
    }

    @Test("a plan whose permit was taken back unused is judged anew; any other plan id keeps its outcome")
    func freed() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "duplicate")
        try await world.report("a", executed: "False")
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "False", ["exchange_refused", "true"])
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "duplicate")
        await host.stop()
    }

    @Test("a report with a filled quantity leaves that much under way")
    func partlyFilled() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True", ["filled_qty", "0.004"])
        #expect(try world.totals() == "0=0.004")
        #expect(try await world.decide(.open("b", "BUY", "0.006")) == "permit")
        await host.stop()
    }

    @Test("K2: shares are rounded up to the ledger's decimals, and what a report frees is the same")
    func shareDecimals() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.0051020147856388485")) == "permit")
        #expect(try world.permit("a").contains(#""computed_qty": 0.0051020147856388485,"#))
        #expect(try world.totals() == "0=0.00510202")
        try world.consume("a")
        try await world.report("a", executed: "True", ["filled_qty", "0.00400000000000000001"])
        #expect(try world.totals() == "0=0.00400001")
        #expect(try await world.decide(.open("b", "BUY", "0.0010204029571277697")) == "permit")
        #expect(try world.totals() == "0=0.00502042")
        try world.consume("b")
        try await world.report("b", executed: "False", ["exchange_refused", "true"])
        #expect(try world.totals() == "0=0.00400001")
        await host.stop()
    }

    @Test("A2: a plain sell beside a close under way cannot flip the position", arguments: [false, true])
    func closeUnderWay(isReported: Bool) async throws {
        let host = try world.host()
        try world.snapshot("10")
        #expect(try await world.decide(.close("a", "SELL", "10", ["reduceOnly", "true"])) == "permit")
        if isReported {
            try world.consume("a")
            try await world.report("a", executed: "True")
        }
        #expect(try await world.decide(.open("b", "SELL", "10")) == "permit")
        #expect(try world.permit("b").contains(#""reduce_only": true"#))
        #expect(try world.permit("b").contains(#""computed_qty": 10,"#))
        #expect(try world.lastRecord()["amended_by"] == "p28-budget:p28_close_only")
        await host.stop()
    }

    @Test("A3: equal closes are granted capped, the first one as published otherwise")
    func repeatedCloses() async throws {
        let host = try world.host()
        try world.snapshot("10")
        for plan in ["a", "b", "c", "d", "e"] {
            #expect(try await world.decide(.close(plan, "SELL", "10", ["reduceOnly", "false"])) == "permit")
            #expect(try world.permit(plan).contains(#""reduce_only": true"#))
            #expect(try world.lastRecord()["amended_by"] == (plan == "a" ? nil : "p28-budget:p28_close_only"))
        }
        await host.stop()
    }

    @Test(
        "A4: a snapshot that was there before the report, or is later by less than the margin, does not show the fill")
    func earlySnapshot() async throws {
        let host = try world.host()
        try world.snapshot("0", ahead: 2)
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "block")
        try world.snapshot("0", ahead: 1.5)
        #expect(try await world.decide(.open("c", "BUY", "0.01")) == "block")
        await host.stop()
    }

    @Test("an executed order counts until a snapshot later than the margin shows it")
    func shown() async throws {
        let host = try world.host("answers: { shown_margin: 0s }")
        try world.snapshot("0", ahead: -5)
        #expect(try await world.decide(.open("a", "BUY", "0.004")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        #expect(try world.totals() == "0=0.004")
        try world.snapshot("0.004", ahead: 1.9)
        #expect(try await world.decide(.open("b", "BUY", "0.006")) == "permit")
        #expect(try world.totals() == "0=0.006")
        await host.stop()
    }

    @Test("A5: a position that was held and whose record is lost is unknown, not flat")
    func lostRecord() async throws {
        let host = try world.host()
        try world.snapshot("10")
        #expect(try await world.decide(.open("a", "BUY", "0.009")) == "block")
        try world.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        #expect(try await world.decide(.open("b", "BUY", "0.009")) == "permit")
        #expect(try world.lastRecord()["failed_open"] == "p28-budget:input_missing")
        await host.stop()
    }

    @Test("A6: what a gate that fails closed falls back on sees the ledger")
    func fallback() async throws {
        let host = try world.host(gate: "  - { gate: p28-budget, mode: enforce, on_failure: deny }")
        try world.snapshot("10")
        try world.redis.command("DEL", "quantum:portfolio:budget:BTCUSDT")
        #expect(try await world.decide(.open("a", "BUY", "10")) == "block")
        #expect(try await world.decide(.open("b", "SELL", "10")) == "permit")
        #expect(try world.permit("b").contains(#""reduce_only": true"#))
        #expect(try world.lastRecord()["amended_by"] == nil)
        #expect(try await world.decide(.open("c", "SELL", "10")) == "permit")
        #expect(try world.permit("c").contains(#""reduce_only": true"#))
        await host.stop()
    }

    @Test("A9: a permit that a gate failed open for counts too")
    func failOpenCounts() async throws {
        let host = try world.host()
        try world.redis.command("DEL", "quantum:portfolio:budget:BTCUSDT")
        #expect(try await world.decide(.open("a", "BUY", "10")) == "permit")
        try world.setBudget("1000")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "block")
        await host.stop()
    }

    @Test("A10: one garbled bucket is dropped and counted; the rest of the account stands")
    func garbled() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.008")) == "permit")
        try world.redis.command("HSET", LedgerWorld.account, "g:x", "garbage", "t:0", "garbage")
        #expect(try await world.decide(.open("b", "BUY", "0.008")) == "block")
        #expect(try await world.decide(.open("c", "BUY", "0.001")) == "permit")
        #expect(try world.totals() == "0=0.009")
        #expect(try world.redis.hash(LedgerWorld.account)["g:x"] == nil)
        await host.stop()
    }

    @Test("an account of another type is put aside, and decisions go on")
    func wrongType() async throws {
        let host = try world.host()
        try world.redis.command("SET", LedgerWorld.account, "x")
        #expect(try await world.decide(.open("a", "BUY", "0.008")) == "permit")
        #expect(try world.redis.command("KEYS", LedgerWorld.account + ":damaged:*").count == 1)
        #expect(try await world.decide(.open("b", "BUY", "0.008")) == "block")
        await host.stop()
    }

    @Test("B1: a retry of a close that was permitted and never consumed is granted capped")
    func retriedClose() async throws {
        let host = try world.host()
        try world.snapshot("10")
        #expect(try await world.decide(.open("a", "SELL", "10")) == "permit")
        #expect(try await world.decide(.open("b", "SELL", "10")) == "permit")
        #expect(try world.permit("b").contains(#""reduce_only": true"#))
        await host.stop()
    }

    @Test("B1: a close beside a fill that was never reported is granted capped")
    func unreportedFill() async throws {
        let host = try world.host()
        try world.snapshot("10")
        #expect(try await world.decide(.open("a", "SELL", "4")) == "permit")
        try world.snapshot("6", ahead: 1)
        #expect(try await world.decide(.open("b", "SELL", "4")) == "permit")
        #expect(try world.permit("b").contains(#""reduce_only": true"#))
        await host.stop()
    }

    @Test("B4: without a snapshot an order over the budget may be a close and is granted capped")
    func noSnapshot() async throws {
        let host = try world.host()
        try world.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        #expect(try await world.decide(.open("a", "SELL", "10")) == "permit")
        #expect(try world.permit("a").contains(#""reduce_only": true"#))
        await host.stop()
    }

    @Test("B5: with a stale snapshot a gate that fails closed grants an order capped")
    func staleSnapshot() async throws {
        let host = try world.host(gate: "  - { gate: p28-budget, mode: enforce, on_failure: deny }")
        try world.snapshot("10", ahead: -400)
        #expect(try await world.decide(.open("a", "SELL", "10")) == "permit")
        #expect(try world.permit("a").contains(#""reduce_only": true"#))
        #expect(try world.lastRecord()["amended_by"] == "p28-budget:input_stale")
        await host.stop()
    }

    @Test("B7: a close is sized by the most position that may remain", arguments: [("1", "5"), ("0", "4")])
    func closeSize(position: String, size: String) async throws {
        try world.setBudget("1000000")
        let host = try world.host()
        try world.snapshot(position)
        #expect(try await world.decide(.open("a", "BUY", "4")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        #expect(try await world.decide(.close("b", "SELL", "5", ["reduceOnly", "true"])) == "permit")
        #expect(try world.permit("b").contains("\"computed_qty\": \(size),"))
        await host.stop()
    }

    @Test("D5: a capped order takes nothing of the budget")
    func cappedTakesNothing() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.01", ["reduceOnly", "true"])) == "permit")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "permit")
        await host.stop()
    }

    @Test(
        "W2: a close of unknown size says so: the executor closes what it finds", arguments: ["malformed", "missing"])
    func unknownSize(record: String) async throws {
        let host = try world.host()
        try world.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        if record == "malformed" {
            try world.redis.command("HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", "x", "ts_epoch", "1")
        }
        #expect(try await world.decide(.close("a", nil, nil)) == "permit")
        #expect(try world.permit("a").hasSuffix(#""reduce_only": true, "close_fraction": 1}"#))
        #expect(try await world.decide(.partial("b", "PARTIAL_25")) == "permit")
        #expect(try world.permit("b").hasSuffix(#""reduce_only": true, "close_fraction": 0.25}"#))
        await host.stop()
    }

    @Test("W2: a close is sized by a stale snapshot if there is no other")
    func staleSize() async throws {
        let host = try world.host()
        try world.snapshot("10", ahead: -400)
        #expect(try await world.decide(.close("a", nil, nil)) == "permit")
        #expect(try world.permit("a").contains(#""computed_qty": 10,"#))
        await host.stop()
    }

    @Test("an execution layer that ignores `reduce_only` gets a block instead of a cap")
    func ignored() async throws {
        let host = try world.host("answers: { reduce_only: ignored }")
        try world.snapshot("10")
        #expect(try await world.decide(.open("a", "SELL", "10")) == "permit")
        #expect(try await world.decide(.open("b", "SELL", "10")) == "block")
        #expect(try world.lastRecord()["reason"] == "p28_close_only")
        await host.stop()
    }

    @Test("a share without a report ends with the first snapshot after its bucket, and nothing of it is left")
    func expiry() async throws {
        let host = try world.host("answers: { permit_ttl: 1s, reservation_ttl: 1s, shown_margin: 0s }")
        #expect(try await world.decide(.open("a", "BUY", "0.01")) == "permit")
        #expect(try await world.decide(.open("b", "BUY", "0.01")) == "block")
        let bucket = try #require(try world.redis.hash(LedgerWorld.account).keys.first { $0.hasPrefix("g:") })
        let end = try #require(bucket.firstMatch(of: /\.(\d+):0$/).flatMap { Int64($0.1) })
        try await eventually("the end of the bucket") {
            try world.redis.command("TIME").element(0)?.text.flatMap { Int64($0) }.map { $0 * 1_000 > end } ?? false
        }
        #expect(try await world.decide(.open("c", "BUY", "0.01")) == "block")
        try world.snapshot("0")
        #expect(try await world.decide(.open("d", "BUY", "0.01")) == "permit")
        #expect(try world.totals() == "0=0.01")
        let buckets = try world.redis.hash(LedgerWorld.account).filter { $0.key.hasPrefix("g:") }
        #expect(Array(buckets.values) == ["1000000"])
        await host.stop()
    }

    @Test("reservations of an earlier release are carried over")
    func upgrade() async throws {
        let old = "quantum:governor:reserved:position:BTCUSDT"
        let later = WallClock.now().milliseconds + 60_000
        try world.redis.command(
            "HSET", old, "p1", "0.004 \(later) 0", "p2", "0.004 \(later) \(later - 60_000)", "p3", "-0.5 1 0",
            "last entry", "1-1")
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.004")) == "block")
        #expect(try await world.decide(.open("b", "BUY", "0.001")) == "permit")
        #expect(try world.totals() == "0=0.009")
        #expect(try world.redis.command("EXISTS", old).integer == 0)
        await host.stop()
    }
}
