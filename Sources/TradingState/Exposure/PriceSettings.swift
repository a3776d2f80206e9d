public import GateAPI

/// The settings of a gate that values orders. A gate's settings struct holds it as one property.
public struct PriceSettings: GateSettings {
    @Setting(
        "Price that an order is valued at where both the plan and the position have one: the plan's, or the higher",
        default: .plan)
    public var valuation: Valuation
    @Setting(
        "Farthest that a plan's price may lie from the mark price; beyond it the mark price counts", unit: "percent",
        in: 0...1_000_000, default: 10)
    public var priceCollar: Amount
    @Setting(
        "An order at a price that no mark price confirms: believe the price, or abstain where the order would pass",
        default: .believe)
    public var unverifiedPrice: UnverifiedPrice

    public init() {}
}

/// The price of an order if both the plan and the position have one.
public enum Valuation: String, SettingValue, CaseIterable {
    /// The plan's own price, if it lies within the collar.
    case plan
    /// The higher of the plan's price and the mark price: a plan cannot understate its notional.
    case higher
}

/// The treatment of an order at a price that no mark price confirms.
public enum UnverifiedPrice: String, SettingValue, CaseIterable {
    case believe, abstain
}
