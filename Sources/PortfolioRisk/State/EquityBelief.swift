package import GateAPI

/// What a cycle believes of the equity.
package struct EquityBelief: Sendable, Equatable {
    package let resolution: StateResolution
    /// The equity that is held back; `nil` if none is.
    package let held: HeldEquity?
    /// As the portfolio state names it, a ratio.
    package let drawdown: Amount?
}
