import GateAPI
import KillSwitch
import P28Budget
import TradingState

extension Evidence {
    private static let now = Timestamp(microseconds: 1_795_354_622_000_000)
    private static let old = Timestamp(microseconds: now.microseconds - 301_000_000)

    /// The records that the gates read.
    func inputs(for symbol: Symbol, _ mode: PositionMode) -> Inputs {
        var inputs = Inputs(now: Self.now)
        inputs.focus(on: symbol)
        switch record {
        case .known(let holding): inputs.set(holding.position(mode, at: Self.now), for: symbol)
        case .stale(let holding): inputs.set(holding.position(mode, at: Self.old), for: symbol)
        case .assumedFlat, .lost: inputs.fail(Position.self, for: symbol, .missing)
        }
        inputs.set(account, for: symbol)
        inputs.fail(GlobalKillSwitchState.self, for: symbol, .missing)
        inputs.fail(SymbolKillSwitchState.self, for: symbol, .missing)
        inputs.set(KillSwitchState(isOn: limit == .killed), for: symbol)
        if case .budget(let budget) = limit {
            inputs.set(
                PortfolioBudget(budget: Amount(Int(budget)), isEnforced: true, computedAt: Self.now), for: symbol)
        } else {
            inputs.fail(PortfolioBudget.self, for: symbol, .missing)
        }
        return inputs
    }

    private var account: Account<PositionPool> {
        var account = Account<PositionPool>()
        for lane in PositionPool.Lane.allCases { account[lane] = Amount(totals[lane]) }
        account.isHeld = isHeld
        return account
    }
}

extension Holding {
    fileprivate func position(_ mode: PositionMode, at time: Timestamp) -> Position {
        let legs = mode == .hedge ? PositionLegs(long: Amount(Int(first)), short: Amount(Int(short))) : nil
        return Position(quantity: Amount(Int(first) - Int(short)), legs: legs, markPrice: nil, timestamp: time)
    }
}
