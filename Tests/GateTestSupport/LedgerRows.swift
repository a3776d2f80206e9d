import GateAPI
import TradingState

extension LedgerRow {
    private static let ten: Amount = 10
    private static let both: [(PositionPool.Lane, Amount)] = [(.cappedBuy, 10), (.cappedSell, 10)]
    private static let hedged = PositionLegs(long: 1, short: 1)

    /// The rows of the exposure ledger's table that the rules alone decide.
    package static let all = oneWay + legs + spellings

    static let oneWay = [
        LedgerRow("A2: a plain sell alone reduces", "SELL 10 ENTRY_PROPOSED", at: 10, .passes),
        LedgerRow(
            "A2: a plain sell beside a close cannot flip the position", "SELL 10 ENTRY_PROPOSED", at: 10,
            underWay: both, .closesOnly(10)),
        LedgerRow(
            "A2: a plain sell beside a smaller close is capped at the position", "SELL 12", at: 10,
            underWay: [(.cappedSell, 4)], .closesOnly(10)),
        LedgerRow(
            "A3: the first plain close reduces", "FULL_CLOSE_PROPOSED SELL 10 reduceOnly=false", at: 10, .passes),
        LedgerRow(
            "A3: the second plain close is capped", "FULL_CLOSE_PROPOSED SELL 10 reduceOnly=false", at: 10,
            underWay: [(.sell, 10)], .closesOnly(10)),
        LedgerRow(
            "A3: the same without the flag", "FULL_CLOSE_PROPOSED SELL 10", at: 10, underWay: [(.sell, 10)],
            .closesOnly(10)),
        LedgerRow("A3: a close without a quantity is capped by itself", "FULL_CLOSE SELL", at: 10, .passes),
        LedgerRow(
            "B1: a close is granted again while the first may never be used", "SELL 10", at: 10,
            underWay: [(.sell, 10)], .closesOnly(10)),
        LedgerRow(
            "B1: a close is granted while the snapshot shows a part of the one under way", "SELL 4", at: 6,
            underWay: [(.sell, 4)], .closesOnly(4)),
        LedgerRow("B2: a capped order over the position reduces", "SELL 10.00000001 reduceOnly=true", at: 10, .passes),
        LedgerRow(
            "B2: a capped order closes what no snapshot shows yet", "SELL 1 reduceOnly=true", at: 0,
            underWay: [(.buy, 1)], .passes),
        LedgerRow("B4: without a snapshot an order may be a close", "SELL 10", at: nil, .closesOnly(10)),
        LedgerRow("B4: the same of a close action", "FULL_CLOSE_PROPOSED SELL 10", at: nil, .closesOnly(10)),
        LedgerRow(
            "D5: a capped order in the position's direction takes nothing", "BUY 1 reduceOnly=true", at: 0, .passes),
        LedgerRow("a plain order of a flat symbol opens", "SELL 10", at: 0, .isBlocked),
        LedgerRow("a plain order that adds opens", "BUY 1 reduceOnly=no", at: 10, .isBlocked),
        LedgerRow("a plain order that flips closes only", "SELL 15", at: 10, .closesOnly(10)),
        LedgerRow("a flip of a short closes only", "BUY 15", at: -10, .closesOnly(10)),
    ]

    static let legs = [
        LedgerRow(
            "H1: a reduce-only close of a leg", "SELL 1 reduceOnly=true positionSide=LONG", at: 0, legs: hedged, .passes
        ),
        LedgerRow("H1: a close of a leg by its side alone", "BUY 1 position_side=short", at: 0, legs: hedged, .passes),
        LedgerRow(
            "H1: a close action names the leg only", "FULL_CLOSE positionSide=Long", at: 0, legs: hedged, .passes),
        LedgerRow("H1: a close of a leg that no record shows", "SELL 1 positionSide=LONG", at: 0, .passes),
        LedgerRow("H1: a close of a leg without any record", "SELL 1 positionSide=LONG", at: nil, .passes),
        LedgerRow("H1: the opening side of a leg opens", "BUY 1 positionSide=LONG", at: 0, legs: hedged, .isBlocked),
        LedgerRow("H1: an opening of the other leg is no close", "SELL 1 positionSide=SHORT", at: 10, .isBlocked),
        LedgerRow(
            "H1: the legs' own records count", "SELL 1 positionSide=SHORT", at: nil, hashes: hedged, .isBlocked),
        LedgerRow("H1: BOTH names no leg", "SELL 4 positionSide=BOTH", at: 10, .passes),
        LedgerRow(
            "H1: an order that names no leg of two may open either", "SELL 1", at: 0, legs: hedged, .closesOnly(1)),
        LedgerRow(
            "H1: an unknown leg blocks no capped close", "SELL 1 reduceOnly=true positionSide=up", at: 0, legs: hedged,
            .passes),
        LedgerRow("H1: an unknown leg proves no close", "SELL 4 positionSide=up", at: 10, .closesOnly(4)),
        LedgerRow(
            "H1: two legs prove no close", "SELL 4 positionSide=LONG position_side=SHORT", at: 10, .closesOnly(4)),
    ]

    static let spellings = [
        "SELL closePosition=true", "SELL close_position=True", "SELL 4 reduce_only=1", "SELL 4 reduceOnly=True",
        "SELL 99 closePosition=TRUE", "SELL 99 reduceOnly=false reduce_only=true", "SELL qty=x closePosition=1",
    ].map { LedgerRow("H2: it can only reduce", $0, at: 10, underWay: [(.sell, 10)], .passes) }
}
