package import Bytes
package import GateAPI
import JSONText

/// `quantum:permit:{plan_id}`: the short-lived, single-use permission to execute a plan.
package struct Permit: Sendable, Equatable {
    package static let keyPrefix = "quantum:permit:"

    package var symbol: Symbol
    /// The quantity to trade in base asset: the order's for opens, at most the position for closes, zero if unknown.
    package var quantity: Amount
    /// The same in USD, zero if the price is unknown.
    package var notional: Amount
    /// The remaining part of the plan after amendments, in (0, 1].
    package var downsizeFactor: Amount = .one
    package var extraCooldown: Duration = .zero
    /// Whether the order may only reduce the position.
    package var isCapped = false
    /// For a close of a position whose size is unknown: the part of it to close.
    package var closeFraction: Amount?
    package var createdAt: Timestamp

    package init(symbol: Symbol, quantity: Amount, notional: Amount, createdAt: Timestamp) {
        self.symbol = symbol
        self.quantity = quantity
        self.notional = notional
        self.createdAt = createdAt
    }

    /// The contract's fifteen members, then `reduce_only` of a capped order and `close_fraction` of a close of unknown
    /// size. The efficiency members say `missing_eff`, because no gate judges capital
    /// efficiency.
    package func write(to output: inout [UInt8]) {
        var writer = ByteWriter()
        write(to: &writer)
        output.append(contentsOf: writer.bytes)
    }

    package func write(to output: inout ByteWriter) {
        output.append("{\"granted\": true, \"symbol\": ")
        JSON.write(string: symbol.name, to: &output, asciiOnly: true)
        output.append(", \"decision\": \"EXECUTE\", \"computed_qty\": ")
        output.append(quantity)
        output.append(", \"computed_notional\": ")
        output.append(notional)
        output.append(", \"created_at\": ")
        output.append(createdAt.epochSeconds)
        output.append(
            """
            , "consumed": false, "eff_score": "", "eff_confidence": "", "eff_stale": "1", "eff_factor": "1.0000", \
            "eff_action": "NONE", "eff_reason": "missing_eff", "downsize_factor": "
            """)
        Self.writeFourDecimals(downsizeFactor, to: &output)
        output.append("\", \"extra_cooldown_sec\": \"")
        output.append(decimal: Int(extraCooldown.components.seconds))
        output.append("\"")
        if isCapped { output.append(", \"reduce_only\": true") }
        if let closeFraction {
            output.append(", \"close_fraction\": ")
            output.append(closeFraction)
        }
        output.append("}")
    }

    /// Rounded toward zero: a permit never grants more than the decision.
    private static func writeFourDecimals(_ amount: Amount, to output: inout ByteWriter) {
        if amount == .one { return output.append("1.0000") }
        let tenThousandths = amount.units(decimals: 4)
        let fraction = String(tenThousandths % 10_000)
        output.append(
            "\(tenThousandths / 10_000)." + String(repeating: "0", count: max(0, 4 - fraction.count)) + fraction)
    }
}
