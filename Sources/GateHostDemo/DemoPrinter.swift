import Deployment
import GateAPI
import GateHost
import Platform
import Synchronization

/// Prints one line per decision and counts.
final class DemoPrinter: Sendable {
    private struct State {
        var summary: DemoSummary
        /// The times at which the plans were sent. One host decides one stream in the order of sending.
        var sent: [UInt64] = []
    }

    private let state: Mutex<State>
    private let market: DemoMarket
    private let hasColour = Console.hasColour

    init(market: DemoMarket, mode: GateMode) {
        self.market = market
        state = Mutex(State(summary: DemoSummary(mode: mode)))
    }

    var decided: Int { state.withLock { $0.summary.decided } }

    var summary: DemoSummary {
        var summary = state.withLock { $0.summary }
        summary.largestPositions = market.largestPositions
        return summary
    }

    func sent(at moment: UInt64) {
        state.withLock { $0.sent.append(moment) }
    }

    func show(_ batch: [CommittedDecision], at moment: UInt64) {
        var text = ""
        for committed in batch {
            guard let outcome = committed.outcome else { continue }
            if outcome == .permit { market.fill(committed.decision) }
            let latency = state.withLock { state -> UInt64? in
                let sent = state.summary.decided < state.sent.count ? state.sent[state.summary.decided] : nil
                let latency = sent.map { moment &- $0 }
                state.summary.add(committed, outcome, latency: latency)
                return latency
            }
            text += DemoLine(committed: committed, outcome: outcome, latency: latency, hasColour: hasColour).text + "\n"
        }
        Console.printStyled(text)
    }
}
