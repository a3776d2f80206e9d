import GateAPI
import SpreadCap
import Testing
import TradingState

@Suite struct SpreadCapTests {
    private static let now = Timestamp(seconds: 1_795_354_622)
    private static let buy = [("side", "BUY"), ("qty", "4")]

    /// The verdict on a plan for BTCUSDT in a word or two, with a position of 10 and a book as its feed writes it, or
    /// the reason why the book cannot be read.
    private func outcome(
        of plan: [(String, String)], book: Result<[(String, String)], InputFailure>, held: Amount = 10,
        maxSpread: Int = 50
    ) throws -> String {
        let fields = Fields([("plan_id", "p1"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT")] + plan)
        let intent = try #require(Intent(fields: fields))
        var inputs = Inputs(now: Self.now)
        inputs.set(Position(quantity: held, markPrice: nil, timestamp: Self.now), for: intent.symbol)
        switch book {
        case .success(let pairs): inputs.set(try Book(fields: Fields(pairs)), for: intent.symbol)
        case .failure(let failure): inputs.fail(Book.self, for: intent.symbol, failure)
        }
        var settings = SpreadCap.Settings()
        settings.maxSpread = maxSpread
        var evidence = Evidence()
        return switch try SpreadCap(settings: settings).evaluate(intent, inputs, &evidence) {
        case .pass: "pass"
        case .block(let reason, _, _, _): "block \(reason.rawValue) \(evidence.value("spread_bps") ?? 0)"
        case .amend: "amend"
        case .abstain(let reason): "abstain \(reason.rawValue)"
        }
    }

    private static func book(_ bid: String, _ ask: String, at seconds: Int = 1_795_354_622) -> [(String, String)] {
        [("bid", bid), ("ask", ask), ("ts", "\(seconds)")]
    }

    @Test(
        "new exposure passes up to the widest spread and is blocked beyond it",
        arguments: [
            ("100", "100", "pass"), ("99.75", "100.25", "pass"),
            ("99.75", "100.26", "block spread_too_wide 50.99745013"),
            ("99.74999999", "100.25", "block spread_too_wide 50.00000101"), ("90", "110", "block spread_too_wide 2000"),
        ])
    func spreads(bid: String, ask: String, expected: String) throws {
        #expect(try outcome(of: Self.buy, book: .success(Self.book(bid, ask))) == expected)
    }

    @Test("the limit is the deployment's")
    func limit() throws {
        #expect(try outcome(of: Self.buy, book: .success(Self.book("99", "101")), maxSpread: 200) == "pass")
        #expect(
            try outcome(of: Self.buy, book: .success(Self.book("99", "101")), maxSpread: 199)
                == "block spread_too_wide 200")
    }

    @Test(
        "an intent that reduces the position passes at any spread, and without a book",
        arguments: [
            [("side", "SELL"), ("qty", "10")], [("action", "FULL_CLOSE_PROPOSED")], [("action", "UPDATE_SL")],
        ])
    func reductions(plan: [(String, String)]) throws {
        #expect(try outcome(of: plan, book: .success(Self.book("1", "100"))) == "pass")
        #expect(try outcome(of: plan, book: .failure(.missing)) == "pass")
    }

    @Test("a plan that cannot be understood is not judged")
    func unclear() throws {
        #expect(try outcome(of: [("qty", "4")], book: .success(Self.book("1", "100"))) == "abstain side_unknown")
    }

    @Test("a missing or old book is the reason that the host records")
    func noBook() throws {
        #expect(throws: InputFailure.missing) { try outcome(of: Self.buy, book: .failure(.missing)) }
        #expect(throws: InputFailure.stale(age: .seconds(31), limit: .seconds(30))) {
            try outcome(of: Self.buy, book: .success(Self.book("1", "100", at: 1_795_354_591)))
        }
    }

    @Test(
        "an impossible book is malformed",
        arguments: [
            (book("0", "100"), InputFailure.malformed(field: "bid")), (book("-1", "100"), .malformed(field: "bid")),
            (book("x", "100"), .malformed(field: "bid")),
            (book("101", "100"), .malformed(field: "ask")), (book("100", "nan"), .nonFinite(field: "ask")),
            (book("1", "1e30"), .malformed(field: "ask")),
            ([("bid", "1"), ("ask", "1")], .malformed(field: "ts")),
        ])
    func malformed(pairs: [(String, String)], failure: InputFailure) {
        #expect(throws: failure) { try Book(fields: Fields(pairs)) }
    }

    @Test("the gate requests the symbol's book and position")
    func request() throws {
        var request = InputRequest()
        let fields: Fields = ["plan_id": "p1", "decision": "EXECUTE", "symbol": "BTCUSDT"]
        let intent = try #require(Intent(fields: fields))
        SpreadCap(settings: .init()).request(for: intent, &request)
        #expect(request.contains(Book.self, intent.symbol))
        #expect(request.contains(Position.self, intent.symbol))
    }
}
