import GateAPI
import TradingState

/// All positions that orders under way may lead to, found by trying: each order may fill, unit by unit, in any order,
/// or not at all.
struct Worlds {
    struct State: Hashable {
        /// The one position of one-way mode in `long`, signed; or both legs.
        var long: Int
        var short = 0
        /// What may still fill, by lane.
        var rest: [Int]
    }

    let isHedged: Bool
    private(set) var states: Set<State> = []

    /// - Parameter orders: sums by lane.
    init(long: Int, short: Int = 0, isHedged: Bool = false, _ orders: [Int]) {
        self.isHedged = isHedged
        visit(State(long: long, short: short, rest: orders))
    }

    private mutating func visit(_ state: State) {
        var open = [state]
        states.insert(state)
        while let state = open.popLast() {
            for lane in state.rest.indices where state.rest[lane] > 0 {
                for var next in fills(PositionPool.Lane(rawValue: lane), state) {
                    next.rest[lane] -= 1
                    if states.insert(next).inserted { open.append(next) }
                }
            }
        }
    }

    /// The states after one unit of a lane's orders. A capped order fills only while there is something to close.
    private func fills(_ lane: PositionPool.Lane?, _ state: State) -> [State] {
        func moved(_ long: Int, _ short: Int) -> State {
            State(long: state.long + long, short: state.short + short, rest: state.rest)
        }
        switch (lane, isHedged) {
        case (.buy, false), (.openLong, _): return [moved(1, 0)]
        case (.sell, false), (.openShort, false): return [moved(-1, 0)]
        case (.cappedBuy, false), (.closeShort, false): return state.long < 0 ? [moved(1, 0)] : []
        case (.cappedSell, _), (.closeLong, _): return state.long > 0 ? [moved(-1, 0)] : []
        case (.openShort, true): return [moved(0, 1)]
        case (.cappedBuy, true), (.closeShort, true): return state.short > 0 ? [moved(0, -1)] : []
        // In hedge mode an order that names no leg may open one or close the other.
        case (.buy, true): return [moved(1, 0)] + (state.short > 0 ? [moved(0, -1)] : [])
        case (.sell, true): return [moved(0, 1)] + (state.long > 0 ? [moved(-1, 0)] : [])
        case (nil, _): return []
        }
    }

    var longs: [Int] { states.map(\.long) }
    var shorts: [Int] { states.map(\.short) }
    /// The most of both legs together.
    var mostTogether: Int { states.map { $0.long + $0.short }.max() ?? 0 }
}
