/// One execution intent (plan): what a strategy proposes to do, as read from the intents' stream.
///
/// The values are normalised; everything the publisher sent, known to us or not, is in ``fields``.
public struct Intent: Sendable {
    private let content: Content
    /// The order's quantity in base asset. Zero on the wire means none was given. An amendment replaces it.
    public internal(set) var quantity: Reading<Amount>
    /// The part of the position that a close action means to close, in (0, 1]; `nil` where neither action nor steps
    /// tell. An amendment may lower it.
    public internal(set) var closeFraction: Amount?

    /// The stream entry that carried it.
    public var id: EntryID { content.id }
    /// The publisher's id. One plan id gets one outcome.
    public var planID: String { content.fields.text(content.planIDRange) }
    /// Where the plan's id lies in ``fields``.
    package var planIDRange: Range<Int> { content.planIDRange }
    /// Where the action, as published, lies in ``fields``; `nil` where there is none.
    package var actionRange: Range<Int>? { content.actionRange }
    public var symbol: Symbol { content.symbol }
    /// The proposed action, such as `FULL_CLOSE_PROPOSED` or `ENTRY_PROPOSED`.
    public var action: Action { content.action }
    public var side: Side? { content.side }
    /// The plan's price in quote asset (`price`, else `entry_price`); only positive prices count.
    public var price: Reading<Amount> { content.price }
    /// What the publisher claims. Whether the order really reduces the position is ``exposure(from:)``.
    public var reduceOnly: Reading<Bool> { content.reduceOnly }
    /// The base quantity that a close means to close (`close_qty`), where the publisher says it.
    public var closeQuantity: Amount? { content.closeQuantity }
    /// The whole entry in wire order.
    public var fields: Fields { content.fields }

    /// The longest plan id accepted, in bytes.
    public static let maximumPlanIDLength = 128

    /// What no amendment changes: shared, because intents are handed from gate to gate.
    final class Content: Sendable {
        let id: EntryID
        let planIDRange: Range<Int>
        let symbol: Symbol
        let action: Action
        let actionRange: Range<Int>?
        let side: Side?
        let price: Reading<Amount>
        let reduceOnly: Reading<Bool>
        let closeQuantity: Amount?
        let fields: Fields

        init(
            id: EntryID, planIDRange: Range<Int>, symbol: Symbol, action: Action, actionRange: Range<Int>?, side: Side?,
            price: Reading<Amount>,
            reduceOnly: Reading<Bool>, closeQuantity: Amount?, fields: Fields
        ) {
            self.id = id
            self.planIDRange = planIDRange
            self.symbol = symbol
            self.action = action
            self.actionRange = actionRange
            self.side = side
            self.price = price
            self.reduceOnly = reduceOnly
            self.closeQuantity = closeQuantity
            self.fields = fields
        }
    }

    init(_ content: Content, quantity: Reading<Amount>, closeFraction: Amount?) {
        self.content = content
        self.quantity = quantity
        self.closeFraction = closeFraction
    }
}

/// The id of a stream entry: milliseconds since the epoch, and a sequence number within the millisecond.
public struct EntryID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let milliseconds: UInt64
    public let sequence: UInt64

    public init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Parses `1795354847562-0`; `nil` where the text is not an entry id.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: Array(text.utf8).span)
    }

    package init?(utf8 bytes: Span<UInt8>) {
        var parts: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var isSecond = false
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "-"), !isSecond, digits > 0 {
                parts.0 = parts.1
                parts.1 = 0
                digits = 0
                isSecond = true
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (shifted, overflow) = parts.1.multipliedReportingOverflow(by: 10)
            let (value, carry) = shifted.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            parts.1 = value
            digits += 1
        }
        guard isSecond, digits > 0 else { return nil }
        self.init(milliseconds: parts.0, sequence: parts.1)
    }

    public static func < (left: EntryID, right: EntryID) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }

    public var description: String { "\(milliseconds)-\(sequence)" }
}

public enum Side: String, Sendable, Hashable {
    case buy = "BUY"
    case sell = "SELL"
    /// Whatever closes the position.
    case close = "CLOSE"

    /// As any of the publishers spells it, in any case; `nil` for all else.
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

/// What an intent's `action` field asks for.
public enum Action: Sendable, Hashable {
    case fullClose
    case partialClose
    case updateStop
    case hold
    case open
    /// No action field: side and quantity alone say what is meant.
    case none
    case other(String)

    public init(_ text: String) {
        self.init(utf8: Array(text.utf8).span)
    }

    package init(utf8 bytes: Span<UInt8>) {
        if bytes.spells("ENTRY_PROPOSED") {
            self = .open
        } else if bytes.spells("FULL_CLOSE_PROPOSED") {
            self = .fullClose
        } else {
            self.init(anyCase: bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
    }

    private init(anyCase text: String) {
        switch text.uppercased() {
        case "": self = .none
        case "FULL_CLOSE_PROPOSED", "FULL_CLOSE": self = .fullClose
        case "UPDATE_SL": self = .updateStop
        case "HOLD": self = .hold
        case "ENTRY_PROPOSED", "OPEN_PROPOSED": self = .open
        case let name where name.hasPrefix("PARTIAL_"): self = .partialClose
        default: self = .other(text)
        }
    }

    public var isClose: Bool { self == .fullClose || self == .partialClose }
}
