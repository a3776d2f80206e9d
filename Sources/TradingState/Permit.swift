public import GateAPI
import JSONText

/// `quantum:permit:{plan_id}`: the short-lived, single-use leave to execute a plan.
public struct Permit: Sendable, Equatable {
    public static let keyPrefix = "quantum:permit:"

    public var symbol: Symbol
    /// Base asset to trade: the order's quantity for opens, at most the position for closes; zero where it is not known.
    public var quantity: Amount
    /// The same in USD; zero where the price is not known.
    public var notional: Amount
    /// The part of the plan that is left after amendments, in (0, 1].
    public var downsizeFactor: Amount = .one
    public var extraCooldown: Duration = .zero
    public var createdAt: Timestamp

    public init(symbol: Symbol, quantity: Amount, notional: Amount, createdAt: Timestamp) {
        self.symbol = symbol
        self.quantity = quantity
        self.notional = notional
        self.createdAt = createdAt
    }

    /// The contract's fifteen members. The efficiency members say `missing_eff`: no gate here judges capital efficiency.
    public func write(to output: inout [UInt8]) {
        var json = JSONObject(spaced: true)
        json.add("granted", literal: "true")
        json.add("symbol", symbol.name)
        json.add("decision", "EXECUTE")
        json.add("computed_qty", number: quantity.description)
        json.add("computed_notional", number: notional.description)
        json.add("created_at", number: createdAt.epochSeconds.description)
        json.add("consumed", literal: "false")
        json.add("eff_score", "")
        json.add("eff_confidence", "")
        json.add("eff_stale", "1")
        json.add("eff_factor", "1.0000")
        json.add("eff_action", "NONE")
        json.add("eff_reason", "missing_eff")
        json.add("downsize_factor", Self.fourDecimals(downsizeFactor))
        json.add("extra_cooldown_sec", String(extraCooldown.components.seconds))
        json.write(to: &output)
    }

    /// Rounded toward zero: a permit never grants more than was decided.
    private static func fourDecimals(_ amount: Amount) -> String {
        let tenThousandths = amount.units / 10_000
        let fraction = String(tenThousandths % 10_000)
        return "\(tenThousandths / 10_000)." + String(repeating: "0", count: max(0, 4 - fraction.count)) + fraction
    }
}
