import GateAPI
import Hummingbird
import JSONText

/// How the newest budget of a symbol came about, term by term, from the very values of the computation.
struct ExplainEndpoint: Sendable {
    let board: CycleBoard
    let explainer: BudgetExplainer

    func explain(_ name: String) -> RiskResponse {
        guard let symbol = Symbol(name) else { return .detail(.notFound, "'\(name)' is not a symbol") }
        guard let outcome = board.outcome else { return .detail(.serviceUnavailable, CycleBoard.absence) }
        guard let terms = explainer.terms(of: symbol, outcome) else {
            return .detail(.notFound, explainer.absence(of: symbol, outcome))
        }
        var json = JSONObject()
        json.add("symbol", symbol.name)
        json.add("mode", outcome.mode.rawValue)
        json.add("computed_at", outcome.computedAt.epochSeconds.description)
        json.add("terms", literal: "[" + terms.map(Self.object).joined(separator: ",") + "]")
        return RiskResponse(.ok, json)
    }

    private static func object(_ term: BudgetExplainer.Term) -> String {
        var json = JSONObject()
        json.add("term", term.name)
        json.add("value", term.value)
        json.add("how", term.how)
        json.add("source", term.source)
        json.add("age_sec", literal: term.age.map { "\"\($0.secondsToTheMillisecond)\"" } ?? "null")
        return json.text
    }
}
