import GateAPI
import HeatGate
import Testing
import TradingState

/// One intent and the records that it is judged by: equity 100000, so that an order of 1000 USD at sigma 0.01 adds
/// 0.0001 of heat.
struct World {
    static let now = Timestamp(microseconds: 1_795_354_622_123_456)

    var plan: [(String, String)] = [("side", "BUY"), ("qty", "10"), ("price", "100")]
    var heat: Result<PortfolioHeat, InputFailure> = .success(PortfolioHeat(heat: 0, equity: 100_000, computedAt: now))
    var position: Result<Position, InputFailure> = .success(Position(quantity: 0, markPrice: nil, timestamp: now))
    var market: Result<MarketState, InputFailure> = .failure(.missing)
    var settings = HeatGate.Settings()

    static func heat(_ text: String) throws -> Result<PortfolioHeat, InputFailure> {
        .success(PortfolioHeat(heat: try Amount(text), equity: 100_000, computedAt: now))
    }

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

    func verdict() throws -> (verdict: Verdict<HeatGate.Reason>, evidence: Evidence) {
        var evidence = Evidence()
        let intent = try intent
        let gate = try HeatGate(settings: settings)
        var inputs = Inputs(now: Self.now)
        var request = InputRequest()
        gate.request(for: intent, &request)
        for key in request.keys {
            switch key.record {
            case is PortfolioHeat.Type: inputs.set(heat.map { $0 as any StateRecord }, for: key)
            case is Position.Type: inputs.set(position.map { $0 as any StateRecord }, for: key)
            default: inputs.set(market.map { $0 as any StateRecord }, for: key)
            }
        }
        do {
            return (try gate.evaluate(intent, inputs, &evidence), evidence)
        } catch let failure as InputFailure {
            // As the host does.
            return (.abstain(try #require(failure.reason)), evidence)
        }
    }

    /// The verdict in a few words: `pass`, `block p26_heat_hot`, `amend p26_heat_warm quantity 5`, `abstain
    /// input_stale`.
    func outcome() throws -> String {
        switch try verdict().verdict {
        case .pass: return "pass"
        case .block(let reason, _, _, _): return "block \(reason.rawValue)"
        case .abstain(let reason): return "abstain \(reason.rawValue)"
        case .amend(let amendment, let reason, _):
            let intent = try #require(try intent.amended(amendment), "the amendment asks for more than the intent")
            return switch amendment {
            case .quantity: "amend \(reason.rawValue) quantity \(intent.quantity.value ?? 0)"
            case .closeFraction: "amend \(reason.rawValue) fraction \(intent.closeFraction ?? 0)"
            case .extraCooldown: "amend \(reason.rawValue) cooldown"
            }
        }
    }
}

/// Everything that can keep a record from being used.
let inputFailures: [InputFailure] = [
    .missing, .stale(age: .seconds(301), limit: .seconds(300)), .futureDated(by: .seconds(9)), .malformed(field: "x"),
    .nonFinite(field: "x"),
    .unavailable(detail: "WRONGTYPE"),
]
