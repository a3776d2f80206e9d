import GateAPI
import P28Budget
import Testing
import TradingState

/// One intent and the records that it is judged by.
struct World {
    static let now = Timestamp(microseconds: 1_795_354_622_123_456)

    var plan: [(String, String)] = [("side", "BUY"), ("qty", "1"), ("price", "1820.93")]
    var budget: Result<PortfolioBudget, InputFailure> = .success(
        PortfolioBudget(budget: Amount(units: 182_093_000_000), isEnforced: true, computedAt: now))
    var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
    var reserved: Result<Reserved<PositionReservations>, InputFailure> = .failure(.missing)
    var settings = P28Budget.Settings()

    static func ago(_ duration: Duration) -> Timestamp {
        Timestamp(microseconds: now.microseconds - Int64(duration / .microseconds(1)))
    }

    var intent: Intent {
        get throws {
            let fields = Fields(
                [("plan_id", "3f9c1a7be2d04c58"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT")] + plan)
            return try #require(Intent.parse(id: EntryID(milliseconds: 1, sequence: 0), fields: fields).intent)
        }
    }

    func verdict() throws -> (verdict: Verdict<P28Budget.Reason>, evidence: Evidence) {
        var evidence = Evidence()
        let intent = try intent
        var request = InputRequest()
        let gate = P28Budget(settings: settings)
        gate.request(for: intent, &request)
        var inputs = Inputs(now: Self.now)
        for key in request.keys {
            switch key.record {
            case is PortfolioBudget.Type: inputs.set(budget.map { $0 as any StateRecord }, for: key)
            case is Position.Type: inputs.set(position.map { $0 as any StateRecord }, for: key)
            default: inputs.set(reserved.map { $0 as any StateRecord }, for: key)
            }
        }
        do {
            return (try gate.evaluate(intent, inputs, &evidence), evidence)
        } catch let failure as InputFailure {
            // As the host does.
            return (.abstain(try #require(failure.reason)), evidence)
        }
    }

    /// The verdict in a word or two: `pass`, `block p28_budget_violation`, `advisory p28_budget_violation`, `abstain
    /// input_stale`.
    func outcome() throws -> String {
        switch try verdict().verdict {
        case .pass: "pass"
        case .block(let reason, let advisory, _, _): "\(advisory ? "advisory" : "block") \(reason.rawValue)"
        case .amend: "amend"
        case .abstain(let reason): "abstain \(reason.rawValue)"
        }
    }
}

/// Everything that can keep a record from being used.
let inputFailures: [InputFailure] = [
    .missing, .stale(age: .seconds(301), limit: .seconds(300)), .futureDated(by: .seconds(9)), .malformed(field: "x"),
    .nonFinite(field: "x"),
    .unavailable(detail: "WRONGTYPE"),
]
