package import GateAPI
import TradingState

/// One intent, the records that a gate may read, and the gate.
///
/// A gate's tests conform a struct with a property for each record: a test changes one and asks for the outcome.
package protocol GateWorld {
    associatedtype Tested: Gate

    /// The fields of the plan besides its id, decision and symbol (BTCUSDT).
    var plan: [(String, String)] { get }
    var gate: Tested { get throws }
    /// The records, each or why it cannot be read.
    var records: [ReadRecord] { get }
}

/// One record, or why it cannot be read.
package struct ReadRecord {
    let type: ObjectIdentifier
    let result: Result<any StateRecord, InputFailure>

    package init<Record: StateRecord>(_ result: Result<Record, InputFailure>) {
        type = ObjectIdentifier(Record.self)
        self.result = result.map { $0 }
    }
}

/// A world whose plan the host would not judge.
package struct NoIntent: Error {
    package init() {}
}

extension GateWorld {
    package static var now: Timestamp { Timestamp(microseconds: 1_795_354_622_123_456) }

    package static func ago(_ duration: Duration) -> Timestamp {
        Timestamp(microseconds: now.microseconds - Int64(duration / .microseconds(1)))
    }

    package var intent: Intent {
        get throws {
            let head = [("plan_id", "3f9c1a7be2d04c58"), ("decision", "EXECUTE"), ("symbol", "BTCUSDT")]
            guard let intent = Intent(fields: Fields(head + plan)) else { throw NoIntent() }
            return intent
        }
    }

    /// The claims of the gate's verdict.
    package var claims: [Claim] {
        get throws {
            let claims: Claims
            switch try verdict().verdict {
            case .pass(let own), .block(_, _, _, let own), .amend(_, _, _, _, let own): claims = own
            case .abstain: claims = .none
            }
            return [claims.first, claims.second].compactMap { $0 }
        }
    }

    /// The keys of the records that the gate requests for the intent.
    package var requested: [String] {
        get throws {
            var request = InputRequest()
            try gate.request(for: try intent, &request)
            return request.keys.flatMap(\.redisKeys)
        }
    }

    /// The gate's verdict, as the host gets it: only requested records and the gate's accounts are there, an
    /// ``InputFailure`` is an abstention.
    package func verdict() throws -> (verdict: Verdict<Tested.Reason>, evidence: Evidence) {
        let intent = try intent
        let gate = try gate
        var request = InputRequest()
        gate.request(for: intent, &request)
        for account in gate.accounts { request.add(account, intent.symbol) }
        var inputs = Inputs(now: Self.now)
        for key in request.keys {
            let record = records.first { $0.type == ObjectIdentifier(key.record) }
            inputs.set(record?.result ?? .failure(.missing), for: key)
        }
        var evidence = Evidence()
        do {
            return (try gate.evaluate(intent, inputs, &evidence), evidence)
        } catch let failure as InputFailure {
            // A failure without a reason is a mistake in the gate.
            guard let reason = failure.reason else { throw failure }
            return (.abstain(reason), evidence)
        }
    }

    /// The verdict in a few words: `pass`, `block p26_heat_hot`, `advisory p28_budget_violation`,
    /// `abstain input_stale`, `amend p26_heat_warm quantity 5`, `amend p28_close_only reduce-only 4`.
    package func outcome() throws -> String {
        switch try verdict().verdict {
        case .pass: return "pass"
        case .block(let reason, let advisory, _, _): return "\(advisory ? "advisory" : "block") \(reason.rawValue)"
        case .abstain(let reason): return "abstain \(reason.rawValue)"
        case .amend(let amendment, let reason, let advisory, _, _):
            let verdict = "\(advisory ? "advisory amend" : "amend") \(reason.rawValue)"
            guard let amended = try intent.amended(amendment) else { return "\(verdict) to more" }
            return switch amendment {
            case .quantity: "\(verdict) quantity \(amended.quantity.value ?? 0)"
            case .closeFraction: "\(verdict) fraction \(amended.closeFraction ?? 0)"
            case .reduceOnly: "\(verdict) reduce-only \(amended.quantity.value ?? 0)"
            case .extraCooldown(let wait): "\(verdict) cooldown \(wait)"
            }
        }
    }
}
