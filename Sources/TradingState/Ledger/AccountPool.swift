public import GateAPI

/// A kind of account of the exposure ledger: what it counts, in which scope, and which record shows what was executed.
/// docs/EXPOSURE_LEDGER.md tells how the ledger works.
public protocol AccountPool: Sendable {
    /// The sums that an account keeps, at most eight, numbered from 0.
    associatedtype Lane: RawRepresentable<Int>, CaseIterable, Sendable
    /// The record that shows what was executed.
    associatedtype ShownBy: StateRecord

    /// The pool's name in keys: lower-case words joined by `-`.
    static var name: String { get }
    /// Whether there is an account for each symbol, or one for the whole portfolio.
    static var isPerSymbol: Bool { get }
    /// The field of that record with its time, in epoch seconds.
    static var shownByTime: String { get }
    /// How much later than a position snapshot ``ShownBy`` tells of an order. By default zero.
    static var showsAfter: Duration { get }
}

extension AccountPool {
    public static var showsAfter: Duration { .zero }
}

/// The orders under way in a symbol, in base asset.
public enum PositionPool: AccountPool {
    public typealias ShownBy = Position

    public enum Lane: Int, CaseIterable, Sendable {
        /// Orders that nothing caps at the position.
        case buy, sell
        /// Orders that can only reduce the position. One without a direction counts in both.
        case cappedBuy, cappedSell
        /// Orders that name a leg.
        case openLong, closeLong, openShort, closeShort

        var isSell: Bool { self == .sell || self == .cappedSell || self == .closeLong || self == .openShort }
    }

    public static let name = "position"
    public static let isPerSymbol = true
    public static let shownByTime = "ts_epoch"
}

/// The risk of the orders under way in the whole portfolio: notional in USD times sigma.
public enum HeatPool: AccountPool {
    public typealias ShownBy = PortfolioHeat

    public enum Lane: Int, CaseIterable, Sendable {
        case held
    }

    public static let name = "heat"
    public static let isPerSymbol = false
    public static let shownByTime = "timestamp"
    /// The budget service computes heat each cycle, from snapshots that are a few seconds old.
    public static let showsAfter: Duration = .seconds(10)
}
