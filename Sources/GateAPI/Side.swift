/// The direction of an order.
public enum Side: String, Sendable, Hashable {
    case buy = "BUY"
    case sell = "SELL"
    /// The direction that closes the position.
    case close = "CLOSE"

    /// Any known publisher's spelling, in any case; `nil` for any other text.
    package init?(utf8 bytes: Span<UInt8>) {
        if bytes.spells(anyCase: "buy") || bytes.spells(anyCase: "long") {
            self = .buy
        } else if bytes.spells(anyCase: "sell") || bytes.spells(anyCase: "short") {
            self = .sell
        } else if bytes.spells(anyCase: "close") {
            self = .close
        } else {
            return nil
        }
    }
}

/// One of the two positions in a symbol in hedge mode.
public enum PositionLeg: String, Sendable, Hashable {
    case long = "LONG"
    case short = "SHORT"
}
