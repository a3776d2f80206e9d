import GateAPI
import Hummingbird
import JSONText
import TradingState

/// The whole portfolio as the newest cycle saw it: the equity, the sum of budgets and the exposure against it.
struct OverviewEndpoint: Sendable {
    let board: CycleBoard

    func overview() -> RiskResponse {
        guard let outcome = board.outcome else { return .detail(.serviceUnavailable, CycleBoard.absence) }
        var json = JSONObject()
        json.add("computed_at", number: outcome.computedAt.epochSeconds.description)
        json.add("mode", outcome.mode.rawValue)
        json.add("state", literal: Self.state(outcome.belief.resolution).text)
        json.add("equity_held_back", literal: outcome.belief.held.map { Self.held($0).text } ?? "null")
        json.add("drawdown", literal: outcome.belief.drawdown?.description ?? "null")
        json.add("symbols", number: String(outcome.result?.budgets.count ?? 0))
        if let result = outcome.result {
            json.add("budget_sum_usd", number: result.sum.total.description)
            json.add("budget_cap_usd", literal: result.sum.limit?.description ?? "null")
            json.add("budget_cap_binding", literal: result.sum.isBinding ? "true" : "false")
            json.add("gross_exposure_usd", number: result.grossExposure.description)
            let room = result.sum.limit.flatMap { try? $0 - result.grossExposure }
            json.add("gross_exposure_room_usd", literal: room?.description ?? "null")
            json.add("positions_stale", number: String(result.positions.stale.count))
            json.add("positions_unreadable", number: String(result.positions.unreadable.count))
        }
        return RiskResponse(.ok, json)
    }

    private static func state(_ resolution: StateResolution) -> JSONObject {
        var json = JSONObject()
        switch resolution {
        case .usable(let state), .withoutEquity(let state):
            json.add("equity_usd", number: state.state.equity.description)
            json.add("source", state.source.rawValue)
            json.add("age_sec", number: state.age.secondsToTheMillisecond.description)
        case .tooOld(let age):
            json.add("source", "too_old")
            json.add("age_sec", number: age.secondsToTheMillisecond.description)
        case .nothing: json.add("source", "none")
        }
        return json
    }

    static func held(_ held: HeldEquity) -> JSONObject {
        var json = JSONObject()
        json.add("equity_usd", number: held.newest.equity.description)
        json.add("samples", number: String(held.samples))
        json.add("since", number: held.since.epochSeconds.description)
        return json
    }
}
