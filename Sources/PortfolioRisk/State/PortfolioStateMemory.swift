import GateAPI
import TradingState

/// The record `quantum:portfolio:state:lkg`: the last believed state, kept across restarts with its original timestamp.
enum PortfolioStateMemory {
    static let key = "quantum:portfolio:state:lkg"

    static func fields(_ state: PortfolioState) -> [(name: String, value: String)] {
        [("equity_usd", state.equity.description), ("timestamp", state.takenAt.epochSeconds.description)]
    }
}
