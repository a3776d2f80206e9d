import Deployment
import GateAPI
@testable import GateHost
import Testing
import TestSupport
import TradingState

/// K5: an old plan opens nothing, and a close never expires.
@Suite("Expired intents")
struct ExpiryTests {
    private static let now = Timestamp(seconds: 1_795_354_622)

    /// - Parameter position: the position of a fresh snapshot; `nil` without one.
    private func decide(
        _ plan: Plans.Pairs, position: String?, _ reduceOnly: ReduceOnlySupport = .honoured
    ) throws -> Decision {
        var inputs = Inputs(now: Self.now)
        if let position {
            let record = Position(quantity: try Amount(position), markPrice: try Amount("100000"), timestamp: Self.now)
            inputs.set(record, for: Symbol("BTCUSDT")!)
        }
        let gates = try TestConfiguration.make("  - { gate: alpha, mode: enforce }").gates
        let entry = Plans.entry(plan, id: (1_795_354_622 - 3_600) * 1_000)
        return Pipeline(gates: gates, expireAfter: .seconds(60), reduceOnly: reduceOnly).decide(entry, inputs)
    }

    private static func order(_ side: String, _ action: String = "ENTRY_PROPOSED", quantity: String = "0.01")
        -> Plans.Pairs
    {
        Plans.open("p", side: side, quantity: quantity).filter { $0.name != "action" } + [("action", action)]
    }

    @Test("a close an hour old is judged like a new one: by its flag, its form, or the position")
    func closes() throws {
        let reduceOnly = Self.order("SELL").filter { $0.name != "reduceOnly" } + [("reduceOnly", "true")]
        let hold: Plans.Pairs = [("plan_id", "p"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT"), ("action", "HOLD")]
        for support in [ReduceOnlySupport.honoured, .ignored] {
            for (plan, position) in [
                (Plans.fullClose("p"), nil), (Plans.fullClose("p"), "1"), (reduceOnly, nil),
                (Self.order("SELL"), "1"), (Self.order("BUY"), "-1"), (Self.order("SELL", "PARTIAL_CLOSE"), "1"),
                (hold, nil),
            ] {
                let decision = try decide(plan, position: position, support)
                #expect(decision.outcome == .permit, "\(plan) at \(position ?? "none")")
                #expect(decision.reason == "all_gates_passed")
            }
        }
    }

    @Test("an order an hour old that may be a close is granted as one that can only reduce, and its record says why")
    func perhapsCloses() throws {
        for (plan, position, quantity) in [
            // The position is not known.
            (Self.order("SELL"), nil, "0.01"), (Self.order("SELL", "FULL_CLOSE_PROPOSED"), nil, "0.01"),
            // It closes a part, and the rest would open.
            (Self.order("SELL"), "0.004", "0.004"),
        ] {
            let decision = try decide(plan, position: position)
            #expect(decision.outcome == .permit)
            #expect(decision.reason == "intent_expired")
            #expect(decision.permit?.isCapped == true)
            #expect(decision.permit?.quantity == (try Amount(quantity)))
        }
    }

    @Test("where the execution layer ignores caps, an old order is as small as what it closes, or not granted")
    func capsIgnored() throws {
        let part = try decide(Self.order("SELL"), position: "0.004", .ignored)
        #expect(part.permit?.quantity == (try Amount("0.004")))
        #expect(try decide(Self.order("SELL"), position: nil, .ignored).reason == "intent_expired")
        #expect(try decide(Self.order("SELL"), position: nil, .ignored).outcome == .skip)
        #expect(try decide(Self.order("SELL", "FULL_CLOSE_PROPOSED"), position: nil, .ignored).outcome == .permit)
    }

    @Test("an open an hour old is skipped, whatever it calls itself")
    func opens() throws {
        for (plan, position) in [
            (Self.order("BUY"), "0"), (Self.order("BUY"), "1"), (Self.order("SELL"), "-1"),
            (Self.order("BUY", "FULL_CLOSE_PROPOSED"), "0"), (Self.order("BUY", "FULL_CLOSE_PROPOSED"), "1"),
        ] {
            for support in [ReduceOnlySupport.honoured, .ignored] {
                let decision = try decide(plan, position: position, support)
                #expect(decision.outcome == .skip, "\(plan) at \(position)")
                #expect(decision.reason == "intent_expired")
            }
        }
    }

    @Test("an intent's age is measured by Redis' clock, however wrong the host's is")
    func redisTime() throws {
        let pipeline = Pipeline(
            gates: try TestConfiguration.make("  - { gate: alpha, mode: enforce }").gates, expireAfter: .seconds(60))
        let entry = Plans.entry(Plans.open("p"), id: 1_795_354_622_000)
        var inputs = Inputs.flat
        inputs.now = Timestamp(seconds: 1_795_354_622 + 290)
        func outcome(_ redis: Int64) -> Outcome {
            pipeline.decide(
                entry, inputs, redisTime: Timestamp(seconds: 1_795_354_622 + redis), reusing: [],
                through: DirectCalls()
            ).outcome
        }
        #expect(outcome(1) == .permit)
        #expect(outcome(61) == .skip)
    }

    @Test("the gates are asked about what is left of an old order, and may still block it")
    func gates() throws {
        let blocked = try decide(Self.order("SELL") + [("ask-alpha", "block")], position: nil)
        #expect(blocked.outcome == .block)
        #expect(blocked.gate == "alpha")
    }

    @Test("expire_after is 60 s by default, takes a time of a second or more, and can be switched off")
    func setting() throws {
        func expiry(_ text: String) throws -> Expiry {
            try TestConfiguration.make("  - { gate: alpha, mode: enforce }", sections: text).intake.expireAfter
        }
        #expect(try expiry("") == .after(.seconds(60)))
        #expect(try expiry("intake: { expire_after: 5m }") == .after(.seconds(300)))
        #expect(try expiry("intake: { expire_after: never }") == .never)
        #expect(throws: ConfigurationErrors.self) { try expiry("intake: { expire_after: 999ms }") }
    }
}
