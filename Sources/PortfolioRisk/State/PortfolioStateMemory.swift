import GateAPI
import TradingState

/// `quantum:portfolio:state:lkg`: the last known good state, kept for the service's next run under its own, true time.
enum PortfolioStateMemory {
    static let key = "quantum:portfolio:state:lkg"

    static func fields(_ state: PortfolioState) -> [(name: String, value: String)] {
        [("equity_usd", state.equity.description), ("timestamp", state.takenAt.epochSeconds.description)]
    }
}
