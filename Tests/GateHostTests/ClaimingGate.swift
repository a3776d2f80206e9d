import GateAPI
import TradingState

/// A gate that claims what the plan says: `claim` of the lane `buy`, and `claim-heat` of the portfolio's heat. With the
/// field `grow` it also asks for more than the plan. It declares the position's account only if its name says so, and
/// it never looks at an account.
struct ClaimingGate<Name: ClaimingGateName>: Gate {
    typealias Settings = NoSettings

    enum Reason: String, ReasonCode {
        case grown
        var summary: String { "The plan asked for more." }
    }

    static var name: String { Name.name }
    static var summary: String { "Claims what the plan asks." }
    static var records: [any StateRecord.Type] { [Account<PositionPool>.self] }
    /// The limit of its claims on the lane `buy`.
    static var limit: Amount { 1 }

    init(settings: NoSettings) {}

    var accounts: [any StateRecord.Type] { Name.declares ? [Account<PositionPool>.self] : [] }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard let amount = intent.fields.amount("claim").value else { return .pass }
        let claims = Claims(
            Claim(taking: amount, from: PositionPool.self, .buy, intent.symbol, upTo: Self.limit),
            intent.fields.amount("claim-heat").value.map {
                Claim(taking: $0, from: HeatPool.self, .held, intent.symbol, upTo: Self.limit)
            })
        if intent.fields[named: "grow"] != nil {
            return .amend(.quantity(1_000_000), .grown, claiming: claims)
        }
        return .pass(claiming: claims)
    }
}

protocol ClaimingGateName: Sendable {
    static var name: String { get }
    static var declares: Bool { get }
}

enum Honest: ClaimingGateName {
    static let name = "honest"
    static let declares = true
}

enum Undeclared: ClaimingGateName {
    static let name = "undeclared"
    static let declares = false
}
