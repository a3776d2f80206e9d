/// The direction of an order.
public enum Side: String, Sendable, Hashable {
    case buy = "BUY"
    case sell = "SELL"
    /// The direction that closes the position.
    case close = "CLOSE"

    /// Any known publisher's spelling, in any case; `nil` for any other text.
    package init?(utf8 bytes: Span<UInt8>) {
        if bytes.spells("BUY") {
            self = .buy
        } else if bytes.spells("SELL") {
            self = .sell
        } else {
            switch bytes.withUnsafeBufferPointer({ String(decoding: $0, as: UTF8.self) }).uppercased().filter({
                $0 != " "
            }) {
            case "BUY", "LONG": self = .buy
            case "SELL", "SHORT": self = .sell
            case "CLOSE": self = .close
            default: return nil
            }
        }
    }
}

/// One of the two positions in a symbol in hedge mode.
public enum PositionLeg: String, Sendable, Hashable {
    case long = "LONG"
    case short = "SHORT"
}
