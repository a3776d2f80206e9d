import Bytes
import GateAPI
import TradingState

/// A plan as its decision record keeps it: whole, as JSON, or not at all.
enum PlanText {
    /// The longest escape of a byte, such as `\u0000`.
    private static let longestEscape = 6
    /// The characters around a name and its value.
    private static let quotesPerPair = 6

    /// Whether the plan's JSON has at most this many bytes. Only a plan near the limit is written for it.
    static func fits(_ fields: Fields, within limit: Int) -> Bool {
        if longestEscape * fields.byteCount + quotesPerPair * fields.count + 2 <= limit { return true }
        if fields.byteCount > limit { return false }
        var writer = ByteWriter()
        writer.append(json: fields)
        return writer.count <= limit
    }
}
